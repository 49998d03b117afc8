/* test_cmd_renew: certificates made anew, with their keys or without. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/certs/odd_key.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS     "tlsecho-certs "
#define LIST(dir) CERTS "list " dir " | awk 'NR > 1 {print $1, $5}'"
#define COMPARE                         \
	"grep '^  %s  ' before >line; " \
	"grep '^  %s  ' after | cmp - line"

static void
setup(void)
{
	scratch_enter();
	scratch_write("password", "secret\n");
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
	shell_expect(0, "pki/s.example.pem",
	    CERTS "server pki s.example '*.t.example' 10.0.0.1 ::1 --days 1");
	shell_expect(0, "pki/a.pem",
	    CERTS "client pki a me@example.org mailto:x@y urn:a:b --days 1");
}

/* What must be the same, and what must not. */
static void
expect_renewed(const char *stem)
{
	static const char *const same[] = { "subject", "names", "purpose",
		"key usage", "key SHA-256" };
	static const char *const new[] = { "serial", "not after" };

	shell_expect(0, "", CERTS "show pki/%s.pem >after", stem);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		shell_expect(0, "", COMPARE, same[i], same[i]);
	for (size_t i = 0; i < sizeof new / sizeof *new; i++)
		shell_expect(1, "differ", COMPARE, new[i], new[i]);
}

TEST_LOOP(same_key, 4)
{
	static const char *const names[] = { "s.example", "a", "me@example.org",
		"mailto:x@y" };
	static const char *const stems[] = { "s.example", "a", "me@example.org",
		"mailto_x@y" };

	shell_expect(0, "", CERTS "show pki/%s.pem >before", stems[_i]);
	shell_expect(0, "", "cp pki/%s.key before.key", stems[_i]);
	shell_expect(
	    0, "is replaced, and stays valid", CERTS "renew pki %s", names[_i]);
	expect_renewed(stems[_i]);
	shell_expect(0, "", "cmp pki/%s.key before.key", stems[_i]);
	ck_assert_uint_eq(scratch_mode("pki/a.key"), 0600);
}

TEST(new_key)
{
	shell_expect(0, "", CERTS "server pki r --key rsa-2048");
	shell_expect(0, "", "cp pki/r.key before.key");
	shell_expect(0, "pki/crl.pem: revoked serial ",
	    CERTS "renew pki r --new-key --revoke-old");
	shell_expect(1, "", "cmp -s pki/r.key before.key");
	shell_expect(0, "RSA, 2048 bits", CERTS "show pki/r.key");
	shell_expect(0, "", CERTS "renew pki r --new-key --key ed25519");
	shell_expect(0, "Ed25519", CERTS "show pki/r.key");
	shell_expect(0, "r valid\n",
	    CERTS "list pki | awk '/^r / "
		  "{print $1, $5}'");
	shell_expect(
	    2, "--key needs --new-key", CERTS "renew pki r --key ed25519");
}

/* Others refuse the key as it was. */
TEST(mends_the_scalar)
{
	odd_key_rewrite("pki/a.key");
	shell_expect(0, "fault", CERTS "show pki/a.key");
	shell_expect(0, "", CERTS "show pki/a.pem >before");
	shell_expect(0, "", CERTS "renew pki a");
	shell_expect(1, "", CERTS "show pki/a.key | grep fault");
	expect_renewed("a");
}

TEST(pkcs12)
{
	shell_expect(
	    0, "", CERTS "client pki p --pkcs12 --password-file password");
	shell_expect(1, "p: pki/p.pfx would keep the old certificate",
	    CERTS "renew pki p");
	shell_expect(0, "pki/p.pfx",
	    CERTS "renew pki p --pkcs12 --password-file password");
	shell_expect(0, "same\n",
	    CERTS "show pki/p.pfx --password-file password | grep serial >x; "
		  "grep -q \"$(" CERTS "show pki/p.pem | grep serial)\" x && "
		  "echo same");
}

/* With a revoked certificate its key is lost, too. */
TEST(revoked)
{
	shell_expect(0, "", CERTS "revoke pki a");
	shell_expect(1, "a: is revoked, and its key with it: give --new-key",
	    CERTS "renew pki a");
	shell_expect(0, "pki/a.pem", CERTS "renew pki a --new-key");
	shell_expect(0, "valid", CERTS "list pki | grep '^a '");
}

/* One that cannot be renewed: none is. */
static const struct {
	const char *before, *words;
} refusals[] = {
	{ "rm pki/b.pem", "b: pki/b.pem: No such file or directory" },
	{ "rm pki/b.key", "b: pki/b.key: is not here: bring it, or give" },
	{ "cp pki/a.key pki/b.key",
	    "b: b.key: is not the key of b.pem: restore it, or give" },
	{ "echo x >pki/b.key", "b: b.key: the private key in it is damaged" },
	{ "echo x >pki/b.pem", "b: b.pem: no certificate in it" },
	{ "cp pki/ca.pem pki/b.pem",
	    "b: is an authority's certificate: renew it alone" },
	{ "tlsecho-certs init x >x.log; tlsecho-certs client x b >x.log; "
	  "cp x/b.* pki",
	    "b: b.pem: was issued by another authority" },
};

TEST_EACH(refused, refusals)
{
	shell_expect(0, "", CERTS "client pki b");
	shell_expect(0, "", "%s", refusals[_i].before);
	shell_expect(0, "", "cat pki/*.pem >before");
	shell_expect(1, refusals[_i].words, CERTS "renew pki a b");
	shell_expect(0, "", "cat pki/*.pem | cmp - before");
}

/* The root: what it issued is good under the old and under the new one. */
TEST_LOOP(authority, 2)
{
	const char *option = _i == 0 ? "" : "--ca-password-file password";

	shell_expect(0, "", CERTS "init x %s --days 10", option);
	shell_expect(0, "", CERTS "client x old %s", option);
	shell_expect(0, "", CERTS "revoke x old %s", option);
	shell_expect(0, "", "cp x/ca.pem old.pem; cp x/ca.key old.key");
	shell_expect(0, "", CERTS "show x/ca.pem >before");
	shell_expect(0, "note: whoever trusts the old certificate can do so",
	    CERTS "renew x ca --days 20 %s", option);
	shell_expect(0, "", "cp x/ca.pem pki/x.pem");
	expect_renewed("x");
	shell_expect(0, "old revoked", CERTS "list x | awk '{print $1, $5}'");
	shell_expect(0, "", CERTS "client x new %s", option);
	if (!shell_has_program("openssl") || !shell_has_program("certtool"))
		return;
	shell_expect(0, "x/new.pem: OK",
	    "openssl verify -CAfile old.pem x/new.pem && openssl verify "
	    "-CAfile x/ca.pem x/old.pem x/new.pem");
	shell_expect(0, "Verified.",
	    "certtool --verify --load-ca-certificate old.pem --infile "
	    "x/new.pem && certtool --verify --load-ca-certificate x/ca.pem "
	    "--infile x/old.pem");
}

/* What it issued is good with its old certificate and with its new one. */
TEST_LOOP(intermediate, 2)
{
	const char *option = _i == 0 ? "" : "--ca-password-file password";

	shell_expect(0, "", CERTS "init x %s", option);
	shell_expect(0, "",
	    CERTS "intermediate x low %s --days 9 --permit example.org "
		  "--permit uri:.example.org --permit 10.0.0.0/8",
	    option);
	shell_expect(
	    0, "", CERTS "client x/low a.example.org b.example.org %s", option);
	shell_expect(0, "", CERTS "revoke x/low b.example.org %s", option);
	shell_expect(0, "", CERTS "show x/low.pem >before; cp x/low.pem old");
	shell_expect(0, "tlsecho-certs renew x/low NAME...' gives it the new",
	    CERTS "renew x low %s", option);
	shell_expect(0, "", "cp x/low.pem pki/low.pem");
	expect_renewed("low");
	shell_expect(0, "", COMPARE, "permits names", "permits names");
	/* The authority's own file begins with the same certificate. */
	shell_expect(0, "",
	    "head -c $(wc -c <x/low.pem) x/low/ca.pem | "
	    "cmp - x/low.pem");
	shell_expect(0, "low valid", LIST("x"));
	shell_expect(
	    0, "a.example.org valid\nb.example.org revoked\n", LIST("x/low"));
	shell_expect(0, "x/crl.pem: revoked serial ",
	    CERTS "renew x low --revoke-old %s", option);
	shell_expect(0, "", CERTS "renew x/low a.example.org %s", option);
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "a.example.org.pem: OK",
	    "for i in old x/low.pem; do openssl verify -x509_strict -CAfile "
	    "x/ca.pem -untrusted $i x/low/a.example.org.pem || exit; done");
}

static const struct {
	const char *before, *command, *words;
} intermediate_refusals[] = {
	{ "true", "low --new-key", "low: an authority keeps its key" },
	{ "tlsecho-certs revoke pki low", "low",
	    "low: is revoked, and its key with it: 'intermediate --force'" },
	{ "true", "a low", "low: is an authority's certificate: renew it" },
	{ "rm -r pki/low", "low", "low: pki/low: No such file" },
	{ "tlsecho-certs init pki/low --force", "low",
	    "low: pki/low/ca.pem: was issued by another authority" },
};

TEST_EACH(intermediate_refused, intermediate_refusals)
{
	shell_expect(0, "", CERTS "intermediate pki low");
	shell_expect(0, "", "%s", intermediate_refusals[_i].before);
	shell_expect(0, "", "cat pki/*.pem >before");
	shell_expect(1, intermediate_refusals[_i].words, CERTS "renew pki %s",
	    intermediate_refusals[_i].command);
	shell_expect(0, "", "cat pki/*.pem | cmp - before");
}

TEST(authority_is_mended)
{
	odd_key_rewrite("pki/ca.key");
	shell_expect(0, "fault", CERTS "show pki/ca.key");
	shell_expect(0, "", CERTS "renew pki ca");
	shell_expect(1, "", CERTS "show pki/ca.key | grep fault");
}

TEST(authority_that_cannot_be_repeated)
{
	shell_expect(2, "ca: an authority keeps its key",
	    CERTS "renew pki ca --new-key");
	shell_expect(0, "", CERTS "intermediate pki low");
	shell_expect(1, "the one above renews it, with 'tlsecho-certs renew",
	    CERTS "renew pki/low ca");
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "mkdir x && openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -keyout x/ca.key -out x/ca.pem "
	    "-days 9 -subj /O=acme/CN=x 2>x.log");
	shell_expect(1, "x/ca.pem: was made elsewhere", CERTS "renew x ca");
}

TEST(usage)
{
	shell_expect(
	    2, "too few operands: renew DIR NAME...", CERTS "renew pki");
	shell_expect(2, "renew takes no --force", CERTS "renew pki a --force");
	shell_expect(
	    2, "revoke takes no --new-key", CERTS "revoke pki a --new-key");
	shell_expect(2,
	    "'ca': is the authority's own certificate: renew it "
	    "alone",
	    CERTS "renew pki a ca");
	shell_expect(2, "'crl': crl.pem is the authority's own file",
	    CERTS "renew pki a crl");
	shell_expect(0, "not after        2031-01-01T00:00:00Z",
	    CERTS "renew pki a --not-after 2031-01-01T00:00:00Z; " CERTS
		  "show pki/a.pem");
}

SUITE_BETWEEN("certs/renew", setup, scratch_leave)
