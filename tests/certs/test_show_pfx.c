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
	shell_expect(1, "f.pfx: wrong password, or damaged",
	    CERTS "show f.pfx --password-file wrong");
	shell_expect(1, "f.pfx: wrong password",
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

/* Such a key as GnuTLS writes it, if it still does; within the encryption. */
TEST_WITH(scalar_of_a_wrong_size, .limit_s = 30)
{
	if (!shell_has_program("certtool"))
		return;
	if (shell("for i in $(seq 20); do certtool --generate-privkey "
		  "--key-type ecdsa --pkcs8 --password= --outfile odd.key "
		  "2>certtool.log; " CERTS
		  "show odd.key | grep fault && exit 0; done; exit 1") != 0) {
		suite_skip("this GnuTLS writes EC keys well");
		return;
	}
	shell_expect(0, "",
	    "certtool --to-p12 --p12-name a --outder --load-privkey odd.key "
	    "--load-certificate pki/a.pem --password secret --outfile f.pfx "
	    "2>certtool.log");
	shell_expect(0, "fault            its scalar has 33 bytes", SHOW);
	shell_expect(0, "",
	    "certtool --to-p8 --load-privkey odd.key --password secret "
	    "--outfile locked.key 2>certtool.log");
	shell_expect(0, "fault            its scalar has 33 bytes",
	    CERTS "show locked.key --password-file password");
	shell_expect(1, "",
	    CERTS "show pki/a.pfx --password-file password | "
		  "grep fault");
}

/*
 * Each byte may be damaged: that is said in our words, and not GnuTLS's. It
 * forgets some bytes of its own then, which a sanitizer need not tell.
 */
TEST_WITH(damaged, .limit_s = 60)
{
	shell_expect(0, "done\n",
	    "export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0; "
	    "size=$(wc -c <pki/a.pfx); for n in $(seq 0 37 $((size - 1))); do "
	    "{ head -c $n pki/a.pfx; printf '\\377'; "
	    "tail -c +$((n + 2)) pki/a.pfx; } >f.pfx; " SHOW
	    " >said 2>&1; [ $? -lt 2 ] || exit 3; "
	    "! grep -E 'GNUTLS|ASN1|parser|Base64' said || exit 4; done; "
	    "echo done");
}

SUITE_BETWEEN("certs/show_pfx", setup, scratch_leave)
