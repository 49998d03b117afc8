/* test_cmd_intermediate: authorities below others, with chains and limits. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "
#define VERIFY                                                          \
	"openssl verify -x509_strict -CAfile pki/ca.pem -untrusted %s " \
	"-purpose %s %s"
#define CERTTOOL                                                          \
	"certtool --verify --load-ca-certificate pki/ca.pem --infile %s " \
	"--verify-purpose %s"
#define LIST(dir) CERTS "list " dir " | awk '{print $1, $5}'"
#define SERIAL    CERTS "show pki/web.pem | awk '/serial/ {print $2}'"
#define SERVER    "1.3.6.1.5.5.7.3.1"
#define CLIENT    "1.3.6.1.5.5.7.3.2"

static void
setup(void)
{
	scratch_enter();
	scratch_write("password", "secret\n");
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
}

TEST(files)
{
	shell_expect(0, "pki/web/ca.pem pki/web/ca.key pki/web/crl.pem\n",
	    CERTS "intermediate pki web");
	ck_assert_uint_eq(scratch_mode("pki/web"), 0700);
	ck_assert_uint_eq(scratch_mode("pki/web/ca.key"), 0600);
	ck_assert_uint_eq(scratch_mode("pki/web.pem"), 0644);
	shell_expect(0, "web authority valid\n",
	    CERTS "list pki | awk 'NR > 1 {print $1, $3, $5}'");
	shell_expect(0, "subject          CN=web\n", CERTS "show pki/web.pem");
	shell_expect(1, "permits",
	    CERTS "show pki/web.pem | grep permits; "
		  "echo no permits; exit 1");
	shell_expect(0, "0 revoked", CERTS "show pki/web/crl.pem");
	/* Leaf first, then up to the root, but without it. */
	shell_expect(0, "", CERTS "intermediate pki/web low --name 'Low one'");
	shell_expect(0, "pki/web/low/a.pfx",
	    CERTS "client pki/web/low a --pkcs12 --password-file password");
	shell_expect(0, "CN=a\nCN=Low one\nCN=web\n",
	    CERTS "show pki/web/low/a.pem | awk -F '  +' '/subject/ "
		  "{print $3}'");
	shell_expect(0, "certificate 4 of 4",
	    CERTS "show pki/web/low/a.pfx --password-file password");
	shell_expect(0, "CN=Low one\nCN=web\nCN=tlsecho root\n",
	    CERTS "show pki/web/low/ca.pem | awk -F '  +' '/subject/ "
		  "{print $3}'");
}

/* The root revokes it by its name, and knows it by its number, too. */
TEST(revoked)
{
	shell_expect(0, "", CERTS "intermediate pki web");
	shell_expect(0, "web: revoked", CERTS "revoke pki web");
	shell_expect(0, "web revoked", LIST("pki"));
	shell_expect(
	    1, "web: is revoked, and its key with it", CERTS "renew pki web");
}

/* An authority of three days, below one of a day. */
TEST(ends_with_the_one_above)
{
	shell_expect(0, "", CERTS "init x --not-after 2040-01-01T00:00:00Z");
	shell_expect(0, "", CERTS "intermediate x y --days 36500");
	shell_expect(
	    0, "not after        2040-01-01T00:00:00Z", CERTS "show x/y.pem");
}

static const struct {
	const char *operands;
	int status;
	const char *words;
} refusals[] = {
	{ "pki", 2, "too few operands: intermediate DIR NAME" },
	{ "pki a b", 2, "too many operands" },
	{ "pki ca", 2, "the authority's own file" },
	{ "pki ''", 2, "a name must not be empty" },
	{ "pki .a", 2, "must not begin with '.'" },
	{ "pki taken", 1, "pki/taken.pem: exists already: --force" },
	{ "pki web --force --permit a --name 'tlsecho root'", 1,
	    "'tlsecho root' is the name of an authority above, too" },
	{ "pki/flat below", 1, "allows no authority below it" },
	{ "none a", 1, "none: No such file or directory" },
	{ "pki a --permit 10.0.0.0/33", 2, "is no range of addresses" },
	{ "pki a --permit .example.org", 2, "'.example.org': is neither" },
	{ "pki a --permit spiffe://a/b", 2, "only their hosts can be" },
	{ "pki a --permit uri:a/b", 2, "'a/b' is no name of a host" },
	{ "pki a --permit @", 2, "'' is no name of a host" },
	{ "pki a --permit '*.example.org'", 2, "is no name of a host" },
};

TEST_EACH(refused, refusals)
{
	scratch_write("template",
	    "cn = flat\nca\npath_len = 0\ncert_signing_key\n"
	    "expiration_days = 90\n");
	if (!shell_has_program("certtool"))
		return;
	shell_expect(0, "",
	    "mkdir pki/flat && certtool --generate-privkey --key-type ecdsa "
	    "--outfile pki/flat/ca.key 2>/dev/null && certtool "
	    "--generate-certificate --load-privkey pki/flat/ca.key "
	    "--load-ca-certificate pki/ca.pem --load-ca-privkey pki/ca.key "
	    "--template template --outfile pki/flat/ca.pem");
	shell_expect(0, "", CERTS "client pki taken");
	shell_expect(refusals[_i].status, refusals[_i].words,
	    CERTS "intermediate %s", refusals[_i].operands);
	ck_assert_int_eq(scratch_entries("pki"), 3 + 1 + 2);
}

TEST(force)
{
	shell_expect(0, "", CERTS "intermediate pki web");
	shell_expect(0, "", CERTS "client pki/web a b");
	shell_expect(0, "", CERTS "revoke pki/web b");
	shell_expect(0, "", SERIAL " >serial");
	shell_expect(
	    1, "pki/web/ca.pem: exists already", CERTS "intermediate pki web");
	shell_expect(0, "", CERTS "intermediate pki web --force 2>notes");
	/* The one above can revoke it still, by its number. */
	shell_expect(0, "revokes it, and so does --revoke-old",
	    "grep \"note: serial $(cat serial) is replaced, and stays valid\" "
	    "notes");
	shell_expect(0, "so is its list of 1 revoked certificate\n",
	    "grep \"note: pki/web: the authority of serial $(cat serial)\" "
	    "notes");
	shell_expect(0, ": revoked, serial", CERTS "revoke pki $(cat serial)");
	shell_expect(0, "a foreign", LIST("pki/web"));
}

TEST(revoke_old)
{
	shell_expect(0, "", CERTS "intermediate pki web --revoke-old");
	shell_expect(0, "", SERIAL " >serial");
	shell_expect(0, "pki/crl.pem: revoked serial ",
	    CERTS "intermediate pki web --force --revoke-old");
	shell_expect(
	    0, "1\n", CERTS "show pki/crl.pem | grep -c \"$(cat serial)\"");
	shell_expect(0, "web valid", LIST("pki"));
}

/* The list of one below is taken with its certificate in --ca. */
TEST(revocation_below)
{
	static const char server[] =
	    "tlsecho-server --test --cert pki/localhost.pem --key "
	    "pki/localhost.key --crl pki/crl.pem --crl pki/web/crl.pem";

	shell_expect(0, "", CERTS "server pki localhost");
	shell_expect(0, "", CERTS "intermediate pki web");
	shell_expect(1, "--ca must hold the certificate of each list's",
	    "%s --ca pki/ca.pem", server);
	shell_expect(0, "", "%s --ca pki/web/ca.pem", server);
	shell_expect(
	    0, "", "cat pki/ca.pem pki/web.pem >both && %s --ca both", server);
}

/* Of each kind a name that is permitted, and one that is not. */
static const struct {
	const char *permit, *command, *inside, *file, *outside, *san;
	bool is_uri; /* certtool is not asked of it */
} kinds[] = {
	{ "--permit example.org", "server", "a.example.org", "a.example.org",
	    "a.example.net", "DNS:a.example.net", false },
	{ "--permit example.org", "client", "example.org", "example.org",
	    "badexample.org", "DNS:badexample.org", false },
	{ "--permit example.org", "server", "'*.example.org'",
	    "_wildcard.example.org", "10.0.0.1", "IP:10.0.0.1", false },
	{ "--permit example.org", "client", "a.example.org", "a.example.org",
	    "me@example.org", "email:me@example.org", false },
	{ "--permit example.org", "client", "a.example.org", "a.example.org",
	    "urn://a.example.org/x", "URI:urn://a.example.org/x", false },
	{ "--permit 10.0.0.0/8 --permit 2001:db8::/32", "server",
	    "10.255.0.1 2001:db8::1", "10.255.0.1", "11.0.0.1", "IP:11.0.0.1",
	    false },
	{ "--permit 2001:db8::1", "client", "2001:db8::1", "2001_db8_1",
	    "2001:db8::2", "IP:2001:db8::2", false },
	{ "--permit @example.org", "client", "me@example.org", "me@example.org",
	    "me@a.example.org", "email:me@a.example.org", false },
	{ "--permit me@example.org", "client", "me@example.org",
	    "me@example.org", "you@example.org", "email:you@example.org",
	    false },
	{ "--permit uri:.example.org", "client", "spiffe://a.example.org/x",
	    "spiffe_a.example.org_x", "spiffe://a.example.net/x",
	    "URI:spiffe://a.example.net/x", true },
	{ "--permit uri:a.example.org", "client", "spiffe://a.example.org/x",
	    "spiffe_a.example.org_x", "b.example.org", "DNS:b.example.org",
	    false },
};

/* With openssl, since we refuse to: web/bad.pem, with its issuer after it. */
static void
issue_outside(const char *san, const char *usage)
{
	shell_expect(0, "",
	    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
	    "-keyout bad.key -out bad.csr -subj /O=bad 2>/dev/null && "
	    "printf 'subjectAltName=%s\\nextendedKeyUsage=%sAuth\\n"
	    "subjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid\\n' "
	    ">ext && openssl x509 -req -in bad.csr -CA pki/web/ca.pem -CAkey "
	    "pki/web/ca.key -set_serial 9 -days 2 -extfile ext -out bad.pem "
	    "2>/dev/null && cat pki/web.pem >>bad.pem",
	    san, usage);
}

static void
expect_openssl(const char *file, const char *purpose, bool is_good)
{
	shell_expect(is_good ? 0 : 2, is_good ? "OK" : "subtree violation",
	    VERIFY, file, purpose, file);
}

TEST_WITH(permitted, .limit_s = 30, .loops = TEST_ROWS(kinds))
{
	bool is_server = strcmp(kinds[_i].command, "server") == 0;
	const char *purpose = is_server ? "sslserver" : "sslclient";
	char file[128];

	(void)snprintf(file, sizeof file, "pki/web/%s.pem", kinds[_i].file);
	shell_expect(0, "", CERTS "intermediate pki web %s", kinds[_i].permit);
	shell_expect(0, file, CERTS "%s pki/web %s", kinds[_i].command,
	    kinds[_i].inside);
	shell_expect(1, "is outside of what the authority is permitted",
	    CERTS "client pki/web %s", kinds[_i].outside);
	if (!shell_has_program("openssl") || !shell_has_program("certtool"))
		return;
	issue_outside(kinds[_i].san, kinds[_i].command);
	expect_openssl(file, purpose, true);
	expect_openssl("bad.pem", purpose, false);
	shell_expect(
	    0, "Verified.", CERTTOOL, file, is_server ? SERVER : CLIENT);
	if (kinds[_i].is_uri)
		return;
	shell_expect(1, "violates the signer's constraints", CERTTOOL,
	    "bad.pem", is_server ? SERVER : CLIENT);
}

TEST(shown)
{
	shell_expect(0, "",
	    CERTS "intermediate pki web --permit example.org --permit "
		  "10.0.0.0/8 --permit 2001:db8::/33");
	shell_expect(0,
	    "  permits names    DNS:example.org, IP:10.0.0.0/8, "
	    "IP:2001:db8::/33, email:invalid, URI:invalid\n"
	    "  excludes names   URI:.\n",
	    CERTS "show pki/web.pem");
	shell_expect(0, "excludes names   URI:., IP:0.0.0.0/0, IP:::/0\n",
	    CERTS "intermediate pki x --permit a && " CERTS "show pki/x.pem");
}

/* Those above have a say, too, even where this one has no constraints. */
TEST(of_the_one_above)
{
	shell_expect(0, "", CERTS "intermediate pki web --permit example.org");
	shell_expect(0, "", CERTS "intermediate pki/web low");
	shell_expect(0, "", CERTS "server pki/web/low a.example.org");
	shell_expect(1, "'a.example.net' is outside of what",
	    CERTS "server pki/web/low b.example.org a.example.net");
	/* One that is refused stops those before it, too. */
	shell_expect(1, "'d.example.net' is outside of what",
	    CERTS "client pki/web/low c.example.org d.example.net");
	ck_assert_int_eq(scratch_entries("pki/web/low"), 3 + 2);
}

SUITE_BETWEEN("certs/intermediate", setup, scratch_leave)
