/* test_interop: OpenSSL and certtool agree with what was made. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS  "tlsecho-certs "
#define VERIFY "openssl verify -x509_strict -CAfile pki/ca.pem "

enum {
	LIMIT_S = 60 /* RSA keys and PKCS #12 passwords take their time */
};

/* What the note on wildcards says of clients. */
static const struct {
	const char *wildcard, *host;
	bool is_taken;
} wildcards[] = {
	{ "*.lan", "a.lan", false },
	{ "*.b.lan", "a.b.lan", true },
	{ "*.b.lan", "b.lan", false },
};

static const char *const keys[] = { "ecdsa-p256", "ecdsa-p384", "ed25519",
	"rsa-2048" };

static void
setup(const char *key)
{
	scratch_enter();
	scratch_write("password", "secret\n");
	shell_expect(0, "", CERTS "init pki --key %s", key);
	shell_expect(0, "",
	    CERTS "server pki s.example 127.0.0.1 '*.t.example' --key %s", key);
	shell_expect(0, "", CERTS "client pki c --key %s", key);
}

/* With PKCS #12; its password is slow on purpose. */
static void
setup_pkcs12(const char *key)
{
	setup(key);
	shell_expect(0, "pki/s.example.pfx",
	    CERTS "server pki s.example --key %s --force "
		  "--pkcs12 --password-file password",
	    key);
}

TEST_WITH(openssl_verifies, .limit_s = LIMIT_S, .loops = TEST_ROWS(keys))
{
	setup(keys[_i]);
	if (!shell_has_program("openssl")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "pki/s.example.pem: OK",
	    VERIFY "-purpose sslserver -verify_hostname x.t.example "
		   "pki/s.example.pem");
	shell_expect(0, "pki/s.example.pem: OK",
	    VERIFY "-purpose sslserver -verify_ip 127.0.0.1 "
		   "pki/s.example.pem");
	shell_expect(2, "unsuitable certificate purpose",
	    VERIFY "-purpose sslclient pki/s.example.pem");
	shell_expect(0, "pki/c.pem: OK",
	    VERIFY "-purpose sslclient -crl_check -CRLfile pki/crl.pem "
		   "pki/c.pem");
	shell_expect(2, "unsuitable certificate purpose",
	    VERIFY "-purpose sslserver pki/c.pem");
	shell_expect(2, "hostname mismatch",
	    VERIFY "-purpose sslserver -verify_hostname t.example "
		   "pki/s.example.pem");
	scratch_leave();
}

TEST_WITH(openssl_sees_revocation, .limit_s = LIMIT_S, .loops = TEST_ROWS(keys))
{
	setup(keys[_i]);
	if (!shell_has_program("openssl")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "", CERTS "revoke pki c");
	shell_expect(0, "verify OK",
	    "openssl crl -in pki/crl.pem -CAfile pki/ca.pem -noout");
	shell_expect(
	    0, "0x02", "openssl crl -in pki/crl.pem -noout -crlnumber");
	shell_expect(2, "certificate revoked",
	    VERIFY "-crl_check -CRLfile pki/crl.pem pki/c.pem");
	shell_expect(0, "pki/s.example.pem: OK",
	    VERIFY "-crl_check -CRLfile pki/crl.pem pki/s.example.pem");
	scratch_leave();
}

TEST_WITH(openssl_reads_pkcs12, .limit_s = LIMIT_S, .loops = TEST_ROWS(keys))
{
	setup_pkcs12(keys[_i]);
	if (!shell_has_program("openssl")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "MAC: sha256",
	    "openssl pkcs12 -info -in pki/s.example.pfx -passin file:password "
	    "-nodes -out all.pem");
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC"));
	shell_expect(0, "2\n", "grep -c 'BEGIN CERTIFICATE' all.pem");
	shell_expect(0, "2\n", "grep -c 'friendlyName: s.example' all.pem");
	shell_expect(0, "1\n", "grep localKeyID all.pem | uniq | wc -l");
	shell_expect(0, "",
	    "openssl pkey -in all.pem -out a && "
	    "openssl pkey -in pki/s.example.key -out b && cmp a b");
	shell_expect(1, "invalid password",
	    "openssl pkcs12 -in pki/s.example.pfx -passin pass:x -noout");
	scratch_leave();
}

/* Twice as long in UTF-16, and one character of it is two units there. */
TEST(password_beyond_ascii)
{
	setup("ecdsa-p256");
	scratch_write("password", "p\xc3\xa4ss \xf0\x9f\x98\x80 word\n");
	shell_expect(0, "",
	    CERTS "client pki c --force --pkcs12 --password-file password "
		  "--rounds 1000");
	shell_expect(0, "certificate 2 of 2",
	    CERTS "show pki/c.pfx --password-file password");
	if (shell_has_program("openssl")) {
		shell_expect(0, "MAC: sha256, Iteration 1000\n",
		    "openssl pkcs12 -info -in pki/c.pfx -noout "
		    "-passin file:password");
		ck_assert_ptr_nonnull(strstr(
		    shell_output(), "Iteration 1000, PRF hmacWithSHA256"));
	}
	scratch_leave();
}

TEST(openssl_sees_dates)
{
	setup("ecdsa-p256");
	if (!shell_has_program("openssl")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "", CERTS "server pki past --not-after -1d");
	shell_expect(0, "", CERTS "server pki future --not-before +1d");
	shell_expect(
	    0, "", CERTS "server pki late --not-after 2050-01-01T00:00:00Z");
	shell_expect(2, "certificate has expired", VERIFY "pki/past.pem");
	shell_expect(
	    2, "certificate is not yet valid", VERIFY "pki/future.pem");
	shell_expect(0, "Jan  1 00:00:00 2050 GMT",
	    "openssl x509 -in pki/late.pem -noout -enddate");
	shell_expect(0, "pki/late.pem: OK", VERIFY "pki/late.pem");
	scratch_leave();
}

/* A name of more than 64 bytes: an empty subject, critical names. */
TEST(openssl_takes_long_names)
{
	setup("ecdsa-p256");
	if (!shell_has_program("openssl")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "",
	    CERTS
	    "client pki spiffe://example.org/"
	    "a-path-that-is-longer-than-a-common-name/may-be-by-rfc-5280");
	shell_expect(0, "subject=\n",
	    "openssl x509 -in pki/spiffe*.pem -noout -subject");
	shell_expect(0, "Subject Alternative Name: critical",
	    "openssl x509 -in pki/spiffe*.pem -noout -text");
	shell_expect(0, ": OK", VERIFY "-purpose sslclient pki/spiffe*.pem");
	scratch_leave();
}

TEST_WITH(certtool_agrees, .limit_s = LIMIT_S, .loops = TEST_ROWS(keys))
{
	setup_pkcs12(keys[_i]);
	if (!shell_has_program("certtool")) {
		scratch_leave();
		return;
	}
	shell_expect(0, "Chain verification output: Verified.",
	    "certtool --verify --load-ca-certificate pki/ca.pem "
	    "--infile pki/c.pem --verify-purpose 1.3.6.1.5.5.7.3.2");
	shell_expect(1, "Not verified.",
	    "certtool --verify --load-ca-certificate pki/ca.pem "
	    "--infile pki/c.pem --verify-purpose 1.3.6.1.5.5.7.3.1");
	shell_expect(0, "Chain verification output: Verified.",
	    "certtool --verify --load-ca-certificate pki/ca.pem "
	    "--infile pki/s.example.pem --verify-hostname s.example");
	shell_expect(0, "Verified.",
	    "certtool --verify-crl --load-ca-certificate pki/ca.pem "
	    "--infile pki/crl.pem");
	shell_expect(0, "PBES2-AES256-CBC",
	    "certtool --p12-info --inder --infile pki/s.example.pfx "
	    "--password secret");
	scratch_leave();
}

TEST_EACH(wildcards_that_are_taken, wildcards)
{
	bool taken = wildcards[_i].is_taken;

	scratch_enter();
	shell_expect(0, "", CERTS "init pki");
	shell_expect(0, "", CERTS "server pki s '%s'", wildcards[_i].wildcard);
	if (shell_has_program("openssl"))
		shell_expect(taken ? 0 : 2, taken ? "OK" : "hostname mismatch",
		    VERIFY "-verify_hostname %s pki/s.pem", wildcards[_i].host);
	if (shell_has_program("certtool"))
		shell_expect(taken ? 0 : 1,
		    taken ? "Verified." : "does not match",
		    "certtool --verify --load-ca-certificate pki/ca.pem "
		    "--infile pki/s.pem --verify-hostname %s",
		    wildcards[_i].host);
	scratch_leave();
}

SUITE("certs/interop")
