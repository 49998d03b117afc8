/* test_cmd_issue: the program makes identities, whole or not at all. */
#include <string.h>
#include <sys/stat.h>
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
	scratch_write("password", "secret\n");
}

TEST(server)
{
	shell_expect(0, "pki/a.example.pem pki/a.example.key\n",
	    CERTS "server pki a.example 127.0.0.1 ::1 '*.b.example'");
	ck_assert_uint_eq(scratch_mode("pki/a.example.pem"), 0644);
	ck_assert_uint_eq(scratch_mode("pki/a.example.key"), 0600);
	ck_assert_int_eq(scratch_entries("pki"), 5);
	shell_expect(0,
	    "DNS:a.example, IP:127.0.0.1, IP:::1, DNS:*.b.example\n",
	    CERTS "show pki/a.example.pem");
	shell_expect(
	    0, "purpose          server\n", CERTS "show pki/a.example.pem");
	shell_expect(
	    0, "pki/_wildcard.c.example.pem", CERTS "server pki '*.c.example'");
	shell_expect(0, "pki/_1.pem", CERTS "server pki ::1");
	shell_expect(0, "note: servers with GnuTLS",
	    CERTS "server pki d.example my_service");
	shell_expect(0, "note: clients refuse a wildcard directly below",
	    CERTS "server pki e.example '*.lan'");
	shell_expect(
	    0, "pki/_wildcard.f.lan.pem", CERTS "server pki '*.f.lan' 2>&1");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
}

TEST(clients)
{
	shell_expect(0,
	    "pki/load.pem pki/load.key\n"
	    "pki/me@example.org.pem pki/me@example.org.key\n"
	    "pki/spiffe_example.org_load.pem pki/spiffe_example.org_load.key\n"
	    "pki/10.0.0.1.pem pki/10.0.0.1.key\n",
	    CERTS "client pki load me@example.org spiffe://example.org/load "
		  "10.0.0.1");
	shell_expect(
	    0, "email:me@example.org\n", CERTS "show pki/me@example.org.pem");
	shell_expect(0, "URI:spiffe://example.org/load\n",
	    CERTS "show pki/spiffe_example.org_load.pem");
	shell_expect(0, "IP:10.0.0.1\n", CERTS "show pki/10.0.0.1.pem");
	shell_expect(0, "purpose          client\n", CERTS "show pki/load.pem");
}

TEST(numbered)
{
	shell_expect(0, "pki/load-0003.pem pki/load-0003.key\n",
	    CERTS "client pki load x://y --count 3");
	ck_assert_int_eq(scratch_entries("pki"), 3 + 12);
	shell_expect(0, "DNS:load-0001\n", CERTS "show pki/load-0001.pem");
	shell_expect(0, "URI:x://y-0002\n", CERTS "show pki/x_y-0002.pem");
	shell_expect(2, "cannot be numbered",
	    CERTS "client pki me@example.org --count 3");
	shell_expect(
	    2, "cannot be numbered", CERTS "client pki 10.0.0.1 --count 3");
	shell_expect(
	    2, "server takes no --count", CERTS "server pki a --count 3");
}

TEST_WITH(a_thousand, .limit_s = 60)
{
	shell_expect(0, "pki/load-1000.pem pki/load-1000.key\n",
	    CERTS "client pki load --count 1000");
	ck_assert_int_eq(scratch_entries("pki"), 3 + 2000);
	shell_expect(0, "1000\n", CERTS "list pki | grep -c valid$");
}

/* One in the way: none of the operands' files is written. */
TEST_LOOP(one_in_the_way_stops_all, 4)
{
	static const char *const files[] = { "b.pem", "b.key", "b.pfx",
		"a.pfx" };

	ck_assert_int_eq(shell("echo mine >pki/%s", files[_i]), 0);
	shell_expect(
	    1, "exists already: --force replaces it", CERTS "client pki a b");
	shell_expect(1, "exists already: --force replaces it",
	    CERTS "server pki %c c", files[_i][0]);
	shell_expect(0, "mine\n", "cat pki/%s", files[_i]);
	ck_assert_int_eq(scratch_entries("pki"), 4);
	shell_expect(0, "pki/b.pem", CERTS "client pki a b --force");
	ck_assert_int_eq(scratch_entries("pki"), 7);
}

TEST(numbered_in_the_way)
{
	ck_assert_int_eq(shell("echo mine >pki/a-0900.key"), 0);
	shell_expect(1, "pki/a-0900.key: exists already",
	    CERTS "client pki a --count 1000");
	ck_assert_int_eq(scratch_entries("pki"), 4);
}

TEST_WITH(pkcs12, .limit_s = 30)
{
	shell_expect(0, "pki/a.pem pki/a.key pki/a.pfx\n",
	    CERTS "client pki a --pkcs12 --password-file password");
	ck_assert_uint_eq(scratch_mode("pki/a.pfx"), 0600);
	shell_expect(0, "certificate 2 of 2",
	    CERTS "show pki/a.pfx --password-file password");
	/* The old key is gone, and the file that held it, too. */
	shell_expect(0, "pki/a.pem pki/a.key\n", CERTS "client pki a --force");
	ck_assert_int_eq(access("pki/a.pfx", F_OK), -1);
}

TEST(passwords)
{
	scratch_write("empty", "");
	scratch_write("blank", "\nsecret\n");
	shell_expect(
	    2, "--pkcs12 needs --password-file", CERTS "client pki a --pkcs12");
	shell_expect(
	    2, "--rounds needs --pkcs12", CERTS "client pki a --rounds 4000");
	shell_expect(2, "--rounds",
	    CERTS "client pki a --pkcs12 --password-file password "
		  "--rounds 999");
	shell_expect(2, "--password-file needs --pkcs12",
	    CERTS "server pki a --password-file password");
	shell_expect(1, "empty: no password in it",
	    CERTS "client pki a --pkcs12 --password-file empty");
	shell_expect(1, "blank: no password in it",
	    CERTS "client pki a --pkcs12 --password-file blank");
	shell_expect(1, "none: No such file or directory",
	    CERTS "server pki a --pkcs12 --password-file none");
	ck_assert_int_eq(scratch_entries("pki"), 3);
}

/* What is replaced stays valid, unless it is revoked in the same step. */
TEST_WITH(replaced, .limit_s = 30)
{
	shell_expect(0, "", CERTS "client pki a b");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
	shell_expect(0, "", CERTS "list pki | awk '/^a / {print $2}' >serial");
	shell_expect(0, "is replaced, and stays valid until 20",
	    CERTS "client pki a --force 2>&1 | grep \"serial $(cat serial)\"");
	shell_expect(0, "", CERTS "list pki | awk '/^a / {print $2}' >serial");
	shell_expect(0, "pki/crl.pem: revoked serial ",
	    CERTS "server pki a --force --revoke-old");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
	shell_expect(0, "", CERTS "show pki/crl.pem | grep $(cat serial)");
	shell_expect(0, "a valid\nb valid\n",
	    CERTS "list pki | awk 'NR > 1 {print $1, $5}'");
	/* Nothing is there to revoke, or it is revoked, or over. */
	shell_expect(0, "number           2",
	    CERTS "client pki c --revoke-old && " CERTS "show pki/crl.pem");
	shell_expect(0, "", CERTS "revoke pki b");
	shell_expect(0, "pki/b.pem pki/b.key\n", CERTS "client pki b --force");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
	shell_expect(0, "", CERTS "client pki d --not-after -1d");
	shell_expect(0, "pki/d.pem pki/d.key\n", CERTS "client pki d --force");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
	/* A lost list stops what would be revoked, and nothing else. */
	ck_assert_int_eq(unlink("pki/crl.pem"), 0);
	shell_expect(1, "missing, and with it what was revoked",
	    CERTS "client pki d --force --revoke-old");
	shell_expect(0, "note: serial", CERTS "client pki d --force");
}

static const struct {
	const char *operands, *words;
} refusals[] = {
	{ "server pki a/b", "'a/b': is neither an address nor" },
	{ "server pki .a", "'.a': is neither" },
	{ "server pki ok '' ", "a name must not be empty" },
	{ "server pki me@example.org", "is neither" },
	{ "server pki ca", "the authority's own file" },
	{ "client pki crl", "the authority's own file" },
	{ "client pki '*.example.org'", "a client has no wildcard" },
	{ "client pki ../x", "is neither" },
	{ "client pki -- -x", "is neither" },
	{ "client pki -- -x@example.org", "must not begin with '-'" },
	{ "server pki a b a", "'a' is given twice" },
	{ "client pki a b a", "would share their files" },
	{ "client pki x://y x:///y", "would share their files" },
	{ "client pki a --not-after +1d --days 2", "exclude each other" },
	{ "client pki", "too few operands: client DIR NAME..." },
	{ "client pki a --name b", "client takes no --name" },
};

TEST_EACH(refused, refusals)
{
	shell_expect(2, refusals[_i].words, CERTS "%s", refusals[_i].operands);
	ck_assert_int_eq(scratch_entries("pki"), 3);
}

TEST(own_authority_may_be_numbered)
{
	shell_expect(0, "pki/ca-0001.pem", CERTS "client pki ca --count 1");
}

/* With an issuer of a day, a leaf of five years ends with it. */
TEST_WITH(lives, .limit_s = 30)
{
	shell_expect(0, "x/ca.pem",
	    CERTS "init x --not-after 2040-01-01T00:00:00Z "
		  "--not-before -1d");
	shell_expect(0, "x/a.pem", CERTS "server x a --days 36500");
	shell_expect(
	    0, "not after        2040-01-01T00:00:00Z", CERTS "show x/a.pem");
	shell_expect(0, "note: --not-after is later than the authority's",
	    CERTS "server x b --not-after 9999-12-31T23:59:59Z");
	shell_expect(
	    0, "not after        9999-12-31T23:59:59Z", CERTS "show x/b.pem");
	shell_expect(0, "x/past.pem", CERTS "server x past --not-after -2d");
	shell_expect(
	    0, "x/future.pem", CERTS "server x future --not-before +2d");
	shell_expect(0, "expired", CERTS "list x | grep past");
	shell_expect(0, "not-yet-valid", CERTS "list x | grep future");
	shell_expect(1, "give a later --not-after",
	    CERTS "server x c --not-before +2d --not-after +1d");
	shell_expect(0, "y/ca.pem", CERTS "init y --not-after -1d");
	shell_expect(1, "the authority ends at", CERTS "client y a");
	shell_expect(
	    0, "y/a.pem", CERTS "client y a --not-after +1d 2>/dev/null");
}

/* The first file fits, the second does not: the old identity stays whole. */
TEST_WITH(no_room, .limit_s = 30)
{
	shell_expect(0, "pki/a.pem", CERTS "client pki a");
	shell_expect(0, "", "cat pki/a.pem pki/a.key >before");
	shell_expect(1, "File too large",
	    "trap '' XFSZ; ulimit -f 2; " CERTS
	    "client pki a --force --pkcs12 --password-file password");
	shell_expect(0, "", "cat pki/a.pem pki/a.key | cmp - before");
	ck_assert_int_eq(scratch_entries("pki"), 5);
	shell_expect(1, "File too large",
	    "trap '' XFSZ; ulimit -f 2; " CERTS
	    "client pki b --pkcs12 --password-file password");
	ck_assert_int_eq(scratch_entries("pki"), 5);
}

/* A full disk, really, where one can be mounted. */
TEST(full_disk)
{
	ck_assert_int_eq(mkdir("disk", 0700), 0);
	if (shell("unshare -m true") != 0) {
		suite_skip("no file system can be mounted here");
		return;
	}
	shell_expect(0, "No space left on device\nstatus 1\n0\n",
	    "unshare -m sh -c 'mount -t tmpfs -o size=32k none disk && "
	    "cp pki/ca.pem pki/ca.key pki/crl.pem disk && " CERTS
	    "client disk load --count 9; echo status $?; "
	    "ls disk | grep -c new'; true");
}

/* Writers wait for one another, so none of their revocations is lost. */
TEST_WITH(concurrent_writers, .limit_s = 30)
{
	shell_expect(0, "", CERTS "client pki a --count 8 >/dev/null");
	shell_expect(0, "",
	    "for i in 1 2 3 4 5 6 7 8; do " CERTS
	    "revoke pki a-000$i >/dev/null & " CERTS
	    "client pki b$i >/dev/null & done; wait");
	shell_expect(0, "8\n", CERTS "list pki | grep -c revoked");
	shell_expect(0, "8\n", CERTS "list pki | grep -c ^b.*valid");
	shell_expect(0, "number           9\n", CERTS "show pki/crl.pem");
}

/* An intermediate authority's leaf carries it; PKCS #12 has the root, too. */
TEST_WITH(intermediate, .limit_s = 30)
{
	if (!shell_has_program("certtool"))
		return;
	scratch_write("template",
	    "cn = middle\nca\ncert_signing_key\ncrl_signing_key\n"
	    "expiration_days = 90\n");
	shell_expect(0, "",
	    "mkdir mid && certtool --generate-privkey --key-type ecdsa "
	    "--outfile mid/ca.key 2>/dev/null && certtool "
	    "--generate-certificate --load-privkey mid/ca.key "
	    "--load-ca-certificate pki/ca.pem --load-ca-privkey pki/ca.key "
	    "--template template --outfile mid/ca.pem && "
	    "cat pki/ca.pem >>mid/ca.pem");
	shell_expect(0, "mid/a.pfx",
	    CERTS "client mid a --pkcs12 --password-file password");
	shell_expect(0, "2\n", "grep -c BEGIN mid/a.pem");
	shell_expect(0, "certificate 3 of 3",
	    CERTS "show mid/a.pfx --password-file password");
	shell_expect(0, "mid/a.pem: OK",
	    "openssl verify -CAfile pki/ca.pem -untrusted mid/a.pem "
	    "-purpose sslclient mid/a.pem");
	shell_expect(
	    1, "missing, and with it what was revoked", CERTS "revoke mid a");
	shell_expect(0, "0 revoked", CERTS "crl mid --force");
	shell_expect(0, "1 revoked", CERTS "revoke mid a");
}

SUITE_BETWEEN("certs/issue", setup, scratch_leave)
