/* test_cmd_revoke: the program revokes certificates, and keeps count. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "

static void
setup(void)
{
	scratch_enter();
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
	shell_expect(0, "pki/a.pem", CERTS "client pki a b spiffe://x/y");
}

static void
expect_status(const char *name, const char *status)
{
	shell_expect(0, status, CERTS "list pki | grep '^%s '", name);
}

TEST(by_name_and_by_file)
{
	shell_expect(0, "a: revoked, serial ", CERTS "revoke pki a");
	shell_expect(0, "pki/crl.pem: number 3, 3 revoked, next update ",
	    CERTS "revoke pki pki/b.pem spiffe://x/y");
	expect_status("a", "revoked");
	expect_status("b", "revoked");
	expect_status("spiffe_x_y", "revoked");
}

/* No new list, no error. */
TEST(twice)
{
	shell_expect(0, "number 2, 1 revoked", CERTS "revoke pki a");
	shell_expect(
	    0, "a: is revoked already, since 20", CERTS "revoke pki a");
	shell_expect(0, "number 2, 1 revoked", CERTS "revoke pki a");
	shell_expect(0, "number 3, 2 revoked", CERTS "revoke pki b a b");
}

/* One that cannot be revoked: none is. */
TEST_LOOP(all_or_none, 6)
{
	static const struct {
		const char *cert, *words;
	} bad[] = {
		{ "nobody", "'nobody' is neither a name in pki nor a file" },
		{ "pki/ca.pem", "is the authority itself" },
		{ "other/z.pem", "was issued by another authority" },
		{ "pki/a.key", "no certificate in it" },
		{ "''", "'' is neither a name" },
		{ ".", ".: is a directory" },
	};

	shell_expect(0, "other/ca.pem", CERTS "init other");
	shell_expect(0, "other/z.pem", CERTS "client other z");
	shell_expect(0, "", "cp pki/crl.pem before");
	shell_expect(1, bad[_i].words, CERTS "revoke pki a %s b", bad[_i].cert);
	ck_assert_ptr_null(strstr(shell_output(), "a: revoked"));
	shell_expect(0, "", "cmp pki/crl.pem before");
	expect_status("a", "valid");
}

/* A replaced certificate is revoked by its old file, not by its name. */
TEST(replaced)
{
	shell_expect(0, "", "cp pki/a.pem old.pem");
	shell_expect(0, "", CERTS "client pki a --force");
	shell_expect(0, "old.pem: revoked", CERTS "revoke pki old.pem");
	expect_status("a", "valid");
}

TEST(reissue)
{
	shell_expect(0, "1 revoked", CERTS "revoke pki a --days 1");
	shell_expect(0, "number 3, 1 revoked", CERTS "crl pki --days 365");
	shell_expect(0, "number 4, 1 revoked", CERTS "crl pki");
	expect_status("a", "revoked");
	shell_expect(
	    2, "revoke takes no --force", CERTS "revoke pki a --force");
	shell_expect(2, "crl takes no --key", CERTS "crl pki --key ed25519");
	shell_expect(2, "too many operands: crl DIR", CERTS "crl pki a");
}

/* The number that list prints, of a certificate that is lost. */
TEST(by_serial)
{
	shell_expect(0, "", CERTS "list pki | awk '/^a / {print $2}' >serial");
	ck_assert_int_eq(unlink("pki/a.pem"), 0);
	shell_expect(0, ": revoked, serial ", CERTS "revoke pki $(cat serial)");
	shell_expect(0, "revoked          ",
	    CERTS "show pki/crl.pem | grep -i $(cat serial)");
	shell_expect(0, "is revoked already, since 20",
	    CERTS "revoke pki $(tr a-f A-F <serial | sed 's/../&:/15')");
	shell_expect(0, "0x2: revoked, serial 02", CERTS "revoke pki 0x2");
	shell_expect(1,
	    "'cafe' is neither a name in pki nor a file nor a "
	    "serial number",
	    CERTS "revoke pki cafe");
	shell_expect(1, "is the authority's own number",
	    CERTS "revoke pki $(" CERTS
		  "show pki/ca.pem | awk '/serial/ {print $2}')");
	if (shell_has_program("openssl"))
		shell_expect(0, "Serial Number: 02\n",
		    "openssl crl -in pki/crl.pem -noout -text");
}

/* The list is the only record, so its loss is not passed over. */
TEST(lost_list)
{
	ck_assert_int_eq(unlink("pki/crl.pem"), 0);
	shell_expect(1, "missing, and with it what was revoked: restore it",
	    CERTS "revoke pki a");
	shell_expect(1, "tlsecho-certs crl --force", CERTS "crl pki");
	shell_expect(0, "note: pki has no crl.pem", CERTS "list pki");
	ck_assert_int_eq(scratch_entries("pki"), 8);
	shell_expect(0, ", 0 revoked", CERTS "crl pki --force");
	/* Numbers never go back: those of a new list are in the billions. */
	shell_expect(0, "1 revoked",
	    "out=$(" CERTS "revoke pki a); echo \"$out\"; "
	    "n=${out#*number }; [ ${n%%%%,*} -gt 1700000000 ]");
}

TEST(broken_list)
{
	scratch_write("pki/crl.pem", "rubbish");
	shell_expect(1, "crl.pem: ", CERTS "revoke pki a");
	shell_expect(1, "crl.pem: ", CERTS "crl pki --force");
	shell_expect(1, "crl.pem: ", CERTS "list pki");
	shell_expect(0, "", CERTS "init other");
	shell_expect(0, "", "cp other/crl.pem pki");
	shell_expect(
	    1, "crl.pem: not signed by this authority", CERTS "revoke pki a");
}

/* An authority made elsewhere, whose lists or certificates peers refuse. */
TEST_LOOP(lacks_a_key_usage, 2)
{
	static const char *const usages[] = { "cert_signing_key",
		"crl_signing_key" };

	if (!shell_has_program("certtool"))
		return;
	shell_expect(0, "",
	    "printf 'cn = x\\nca\\n%s\\nexpiration_days = 9\\n' >template && "
	    "mkdir x && certtool --generate-privkey --key-type ecdsa "
	    "--outfile x/ca.key 2>out && certtool --generate-self-signed "
	    "--load-privkey x/ca.key --template template --outfile x/ca.pem "
	    "2>out",
	    usages[_i]);
	if (_i == 0) {
		shell_expect(0, "", CERTS "client x a");
		shell_expect(1, "x/ca.pem: its key usage lacks cRLSign",
		    CERTS "crl x --force");
		ck_assert_int_eq(scratch_entries("x"), 4);
	} else {
		shell_expect(1, "x/ca.pem: its key usage lacks keyCertSign",
		    CERTS "client x a");
		shell_expect(1, "its key usage lacks keyCertSign",
		    CERTS "intermediate x a");
		shell_expect(0, "0 revoked", CERTS "crl x --force");
	}
}

SUITE_BETWEEN("certs/revoke", setup, scratch_leave)
