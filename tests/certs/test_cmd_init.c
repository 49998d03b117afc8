/* test_cmd_init: the program makes an authority, once. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "

TEST(files_and_modes)
{
	(void)umask(0);
	shell_expect(
	    0, "pki/ca.pem pki/ca.key pki/crl.pem\n", CERTS "init pki");
	ck_assert_uint_eq(scratch_mode("pki"), 0700);
	ck_assert_uint_eq(scratch_mode("pki/ca.pem"), 0644);
	ck_assert_uint_eq(scratch_mode("pki/ca.key"), 0600);
	ck_assert_uint_eq(scratch_mode("pki/crl.pem"), 0644);
	ck_assert_int_eq(scratch_entries("pki"), 3);
	shell_expect(0, "CN=tlsecho root\n", CERTS "show pki/ca.pem");
	shell_expect(0, "number           1\n", CERTS "show pki/crl.pem");
}

TEST(existing_directory_keeps_its_mode)
{
	(void)umask(0);
	ck_assert_int_eq(mkdir("pki", 0750), 0);
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
	ck_assert_uint_eq(scratch_mode("pki"), 0750);
}

/* Any of the three files is reason enough to refuse. */
TEST_LOOP(nothing_is_overwritten, 3)
{
	static const char *const files[] = { "ca.pem", "ca.key", "crl.pem" };

	ck_assert_int_eq(mkdir("pki", 0700), 0);
	ck_assert_int_eq(shell("echo mine >pki/%s", files[_i]), 0);
	shell_expect(
	    1, "exists already: --force replaces it", CERTS "init pki");
	shell_expect(0, "mine\n", "cat pki/%s", files[_i]);
	ck_assert_int_eq(scratch_entries("pki"), 1);
	shell_expect(0, "pki/ca.pem", CERTS "init pki --force");
	shell_expect(0, "NAME", CERTS "list pki");
}

/* What the old key signed, and what it had revoked, nobody can change now. */
TEST(force_says_what_is_lost)
{
	shell_expect(0, "", CERTS "init pki");
	shell_expect(0, "", CERTS "client pki a b");
	shell_expect(0, "", CERTS "revoke pki a b");
	shell_expect(0, "so is its list of 2 revoked certificates\n",
	    CERTS "init pki --force");
	shell_expect(
	    0, "note: pki: the authority of serial", CERTS "init pki --force");
	/* One that is damaged has nothing left to lose. */
	shell_expect(0, "pki/ca.pem pki/ca.key pki/crl.pem\n",
	    "echo x >pki/ca.pem; " CERTS "init pki --force 2>&1");
	shell_expect(2, "init takes no --revoke-old",
	    CERTS "init pki --force --revoke-old");
}

static const struct {
	const char *key, *kind, *signature;
} keys[] = {
	{ "ecdsa-p256", "EC/ECDSA, 256 bits", "ECDSA-SHA256" },
	{ "ecdsa-p384", "EC/ECDSA, 384 bits", "ECDSA-SHA384" },
	{ "ed25519", "EdDSA (Ed25519), 256 bits", "EdDSA-Ed25519" },
	{ "rsa-2048", "RSA, 2048 bits", "RSA-SHA256" },
};

TEST_WITH(key_kinds, .limit_s = 60, .loops = TEST_ROWS(keys))
{
	shell_expect(0, "pki/ca.key", CERTS "init pki --key %s", keys[_i].key);
	shell_expect(0, keys[_i].kind, CERTS "show pki/ca.pem");
	shell_expect(0, keys[_i].signature, CERTS "show pki/ca.pem");
	shell_expect(0, keys[_i].signature, CERTS "show pki/crl.pem");
	shell_expect(0, keys[_i].kind, CERTS "show pki/ca.key");
}

TEST(name_and_dates)
{
	shell_expect(0, "a/ca.pem",
	    CERTS "init a --name 'Prüfstelle 1, Köln' "
		  "--not-before 2049-12-31T23:59:59Z "
		  "--not-after 2050-01-01T00:00:00Z");
	shell_expect(0, "CN=Prüfstelle 1\\, Köln\n", CERTS "show a/ca.pem");
	shell_expect(
	    0, "not before       2049-12-31T23:59:59Z", CERTS "show a/ca.pem");
	shell_expect(
	    0, "not after        2050-01-01T00:00:00Z", CERTS "show a/ca.pem");
	shell_expect(2, "--name: must not hold control characters",
	    CERTS "init b --name \"$(printf 'a\\tb')\"");
	shell_expect(2, "--name: must not be empty", CERTS "init b --name ''");
	ck_assert_int_eq(access("b", F_OK), -1);
}

/* A directory that was made for nothing goes again. */
TEST(no_room)
{
	shell_expect(1, "File too large",
	    "trap '' XFSZ; ulimit -f 1; " CERTS "init pki");
	ck_assert_int_eq(access("pki", F_OK), -1);
}

/* A checkout in root's own directory is out of nobody's reach. */
static void
init_as_nobody(void)
{
	if (access(shell_find_programs(), X_OK) < 0) {
		suite_skip("another user cannot reach the programs");
		return;
	}
	shell_expect(1, "pki: Permission denied", CERTS "init pki");
}

TEST(read_only_directory)
{
	ck_assert_int_eq(chmod(".", 0755), 0);
	if (in_child_as_nobody(init_as_nobody))
		ck_assert_int_eq(scratch_entries("."), 0);
}

/* Each command that signs, and what it says without the password. */
TEST_WITH(encrypted_key, .limit_s = 60)
{
	static const char *const commands[] = { "client pki b", "server pki c",
		"renew pki a", "revoke pki a", "crl pki",
		"intermediate pki d" };

	scratch_write("password", "secret\n");
	scratch_write("wrong", "Secret\n");
	scratch_write("empty", "\nsecret\n");
	shell_expect(
	    0, "pki/ca.key", CERTS "init pki --ca-password-file password");
	shell_expect(0, "BEGIN ENCRYPTED PRIVATE KEY", "cat pki/ca.key");
	shell_expect(0, "", CERTS "client pki a --ca-password-file password");
	shell_expect(0, "BEGIN PRIVATE KEY", "cat pki/a.key");
	shell_expect(0, "a valid", CERTS "list pki | awk '{print $1, $5}'");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		shell_expect(1,
		    "ca.key: the key is encrypted: give --ca-password-file",
		    CERTS "%s", commands[i]);
		shell_expect(1, "ca.key: the password is wrong",
		    CERTS "%s --ca-password-file wrong", commands[i]);
		shell_expect(1, "empty: no password in it",
		    CERTS "%s --ca-password-file empty", commands[i]);
		shell_expect(
		    0, "", CERTS "%s --ca-password-file password", commands[i]);
	}
	shell_expect(0, "BEGIN ENCRYPTED PRIVATE KEY", "cat pki/d/ca.key");
	shell_expect(0, "", CERTS "client pki/d a --ca-password-file password");
	shell_expect(2, "list takes no --ca-password-file",
	    CERTS "list pki --ca-password-file password");
}

/* OpenSSL's older form, its newer ones, and ours in its hands. */
TEST_WITH(key_encrypted_elsewhere, .limit_s = 30)
{
	static const char *const ways[] = {
		"ec -aes256 -passout file:password -out x.key -in",
		"pkcs8 -topk8 -passout file:password -out x.key -in",
		("pkcs8 -v1 PBE-SHA1-3DES -topk8 -passout file:password "
		 "-out x.key -in"),
	};

	if (!shell_has_program("openssl"))
		return;
	scratch_write("password", "secret\n");
	shell_expect(0, "", CERTS "init pki");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		shell_expect(0, "",
		    "cp pki/ca.key plain.key; openssl %s plain.key "
		    "2>openssl.log && mv x.key pki/ca.key",
		    ways[i]);
		shell_expect(
		    1, "ca.key: the key is encrypted: give", CERTS "crl pki");
		shell_expect(0, "0 revoked",
		    CERTS "crl pki --ca-password-file password");
		shell_expect(0, "", "mv plain.key pki/ca.key");
	}
	shell_expect(0, "",
	    CERTS "init own --ca-password-file password && openssl pkey -in "
		  "own/ca.key -passin file:password -noout");
}

SUITE_BETWEEN("certs/init", scratch_enter, scratch_leave)
