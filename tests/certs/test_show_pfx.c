/* test_show_pfx: PKCS #12 of all kinds is shown, or explained. */
#include <stdio.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "
#define SHOW  CERTS "show f.pfx --password-file password"

static void
setup(void)
{
	scratch_enter();
	scratch_write("password", "secret\n");
	scratch_write("wrong", "Secret\n");
	scratch_write("empty", "");
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
	shell_expect(0, "pki/a.pfx",
	    CERTS "client pki a --pkcs12 --password-file password");
}

TEST(ours)
{
	shell_expect(0, "", "cp pki/a.pfx f.pfx");
	shell_expect(1,
	    "f.pfx: is PKCS #12, which is encrypted: give --password-file",
	    CERTS "show f.pfx");
	shell_expect(1, "f.pfx: the password is wrong, or the file is damaged",
	    CERTS "show f.pfx --password-file wrong");
	shell_expect(1, "f.pfx: the password is wrong",
	    CERTS "show f.pfx --password-file empty");
	shell_expect(
	    1, "none: No such file", CERTS "show f.pfx --password-file none");
	shell_expect(0, "f.pfx: private key\n", SHOW);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "f.pfx: certificate 2 of 2\n"));
}

/* As openssl(1) writes them; what is shown of each. */
static const struct {
	const char *options;
	int status;
	const char *words;
} files[] = {
	{ "-inkey pki/a.key -in pki/a.pem", 0, "f.pfx: certificate\n" },
	{ "-nokeys -in pki/a.pem -certfile pki/ca.pem", 0,
	    "f.pfx: PKCS #12 without a private key\n"
	    "f.pfx: certificate 1 of 2\n" },
	{ "-nocerts -inkey pki/a.key", 0, "f.pfx: private key\n" },
	{ "-nomac -inkey pki/a.key -in pki/a.pem", 0, "f.pfx: private key\n" },
	{ "-keypbe NONE -certpbe NONE -inkey pki/a.key -in pki/a.pem", 0,
	    "f.pfx: private key\n" },
	{ "-macalg sha512 -inkey pki/a.key -in pki/a.pem", 0,
	    "f.pfx: private key\n" },
	{ "-macalg sha3-256 -inkey pki/a.key -in pki/a.pem", 1,
	    "f.pfx: is PKCS #12 with a check of the password that GnuTLS " },
};

TEST_EACH(by_openssl, files)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "openssl pkcs12 -export %s -passout file:password -out f.pfx "
	    "2>openssl.log",
	    files[_i].options);
	shell_expect(files[_i].status, files[_i].words, SHOW);
}

/* Each byte may be damaged: that is said in our words, and not GnuTLS's. */
TEST_WITH(damaged, .limit_s = 60)
{
	shell_expect(0, "done\n",
	    "size=$(wc -c <pki/a.pfx); for n in $(seq 0 37 $((size - 1))); do "
	    "{ head -c $n pki/a.pfx; printf '\\377'; "
	    "tail -c +$((n + 2)) pki/a.pfx; } >f.pfx; " SHOW
	    " >said 2>&1; [ $? -lt 2 ] || exit 3; "
	    "! grep -E 'GNUTLS|ASN1|parser|Base64' said || exit 4; done; "
	    "echo done");
}

SUITE_BETWEEN("certs/show_pfx", setup, scratch_leave)
