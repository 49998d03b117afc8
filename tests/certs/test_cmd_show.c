/* test_cmd_show: the facts of each kind of file, and of none. */
#include <stdio.h>
#include <string.h>

#include "tests/certs/odd_key.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "

static void
setup(void)
{
	scratch_enter();
	scratch_write("password", "secret\n");
	scratch_write("wrong", "Secret\n");
	scratch_write("empty", "");
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
	shell_expect(0, "pki/a.pem", CERTS "client pki a");
}

TEST(pem_files)
{
	shell_expect(0, "pki/a.pem: certificate\n", CERTS "show pki/a.pem");
	shell_expect(0, "pki/crl.pem: revocation list, 0 revoked\n",
	    CERTS "show pki/a.pem pki/crl.pem");
	shell_expect(0, "pki/a.key: private key\n", CERTS "show pki/a.key");
	shell_expect(
	    0, "", "cat pki/a.key pki/crl.pem pki/a.pem pki/ca.pem >all.pem");
	shell_expect(0, "all.pem: certificate 1 of 2\n", CERTS "show all.pem");
	shell_expect(0, "all.pem: revocation list", CERTS "show all.pem");
	shell_expect(0, "all.pem: private key\n", CERTS "show all.pem");
}

/* A key's identifiers are those of its certificate. */
TEST(key_belongs)
{
	shell_expect(0, "1\n",
	    CERTS "show pki/a.pem pki/a.key | grep 'key SHA-256' | uniq | "
		  "wc -l");
	shell_expect(0, "1\n",
	    CERTS "show pki/a.pem pki/a.key | grep '^  key id' | uniq | "
		  "wc -l");
}

TEST(revoked_serials)
{
	shell_expect(0, "", CERTS "revoke pki a");
	shell_expect(0, "found\n",
	    "serial=$(" CERTS
	    "show pki/a.pem | awk '/serial/ { print $2 }'); " CERTS
	    "show pki/crl.pem | grep -q \"revoked  *$serial 20\" && "
	    "echo found");
}

TEST(der_files)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "openssl x509 -in pki/a.pem -outform der -out a.der && "
	    "openssl crl -in pki/crl.pem -outform der -out crl.der && "
	    "openssl pkey -in pki/a.key -outform der -out key.der");
	shell_expect(0, "a.der: certificate\n", CERTS "show a.der");
	shell_expect(0, "crl.der: revocation list", CERTS "show crl.der");
	shell_expect(0, "key.der: private key\n", CERTS "show key.der");
}

TEST(encrypted_key)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "openssl pkey -in pki/a.key -aes256 -passout file:password "
	    "-out locked.key");
	shell_expect(1, "the key is encrypted: give --password-file",
	    CERTS "show locked.key");
	shell_expect(1, "the password is wrong",
	    CERTS "show locked.key --password-file wrong");
	shell_expect(0, "locked.key: private key\n",
	    CERTS "show locked.key --password-file password");
}

/* What is encrypted is not called unknown, in whatever form it is. */
TEST(encrypted_in_other_ways)
{
	static const char *const ways[] = {
		"ec -aes256 -passout file:password -in",
		"pkcs8 -topk8 -outform DER -passout file:password -in",
		"pkcs8 -topk8 -scrypt -passout file:password -in",
		"pkcs8 -topk8 -scrypt -outform DER -passout file:password -in",
	};

	if (!shell_has_program("openssl"))
		return;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		shell_expect(0, "",
		    "openssl %s pki/a.key -out locked 2>openssl.log", ways[i]);
		shell_expect(1,
		    "locked: the key is encrypted: give --password-file",
		    CERTS "show locked");
		shell_expect(1,
		    "locked: the password is wrong, or the key's cipher is "
		    "unknown",
		    CERTS "show locked --password-file wrong");
		/* GnuTLS does not know scrypt. */
		shell_expect(i < 2 ? 0 : 1, i < 2 ? "private key" : "unknown",
		    CERTS "show locked --password-file password");
	}
}

TEST(request)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "openssl req -new -key pki/a.key -subj /O=acme/CN=a -out a.csr && "
	    "openssl req -in a.csr -outform der -out a.der");
	shell_expect(0,
	    "a.csr: certificate request, which is not signed by an authority "
	    "yet\n  subject          CN=a,O=acme\n"
	    "  key              EC/ECDSA, 256 bits\n",
	    CERTS "show a.csr");
	shell_expect(0, "a.der: certificate request", CERTS "show a.der");
	shell_expect(0, "1\n",
	    CERTS "show a.csr pki/a.key | grep 'key SHA-256' | uniq | wc -l");
}

TEST(several_lists)
{
	shell_expect(0, "", CERTS "init b && cat pki/crl.pem b/crl.pem >both");
	shell_expect(
	    0, "both: revocation list 2 of 2, 0 revoked\n", CERTS "show both");
}

TEST(key_material_is_not_printed)
{
	shell_expect(0, "0\n",
	    CERTS "show pki/a.key pki/ca.key >shown; sed -n 2p pki/a.key >want;"
		  "grep -c -F -f want shown; true");
	if (shell_has_program("openssl"))
		shell_expect(0, "0\n",
		    "openssl pkey -in pki/a.key -noout -text | sed -n 3,4p | "
		    "tr -d ': ' >want; test -s want && "
		    "grep -c -F -f want shown; true");
}

static const struct {
	const char *text, *words;
} rubbish[] = {
	{ "", "f: neither a certificate, a revocation list, a certificate" },
	{ "rubbish", "f: neither a certificate" },
	{ "0\202\1\2", "f: neither a certificate" },
	{ "-----BEGIN X-----\n",
	    "f: no certificate, revocation list, certificate request or" },
	{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    "f: a certificate in it is damaged\n" },
	{ "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
	    "f: a revocation list in it is damaged\n" },
	{ "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	    "f: the private key in it is damaged, or of an unknown kind\n" },
	{ "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
	  "-----END CERTIFICATE REQUEST-----\n",
	    "f: the certificate request in it is damaged\n" },
	{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
	  "-----END ENCRYPTED PRIVATE KEY-----\n",
	    "f: the key is encrypted: give --password-file\n" },
	{ "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
	    "f: holds a public key alone\n" },
	{ "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n",
	    "f: holds PKCS #7, from which" },
	{ "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n", "f: holds a cert" },
	{ "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
	    "f: holds a key of OpenSSH" },
};

TEST_EACH(unreadable, rubbish)
{
	scratch_write("f", rubbish[_i].text);
	shell_expect(1, rubbish[_i].words, CERTS "show f");
}

/* A certificate cut at every length, and with every byte damaged once. */
TEST_WITH(damaged_files, .limit_s = 60)
{
	shell_expect(0, "done\n",
	    "openssl x509 -in pki/a.pem -outform der -out a.der; "
	    "size=$(wc -c <a.der); for n in $(seq 1 9 $size); do "
	    "head -c $n a.der >cut; cat cut >bad; printf '\\377' >>bad; "
	    "tail -c +$((n + 2)) a.der >>bad; for f in cut bad; do " CERTS
	    "show $f >/dev/null 2>err; [ $? -le 1 ] || cat err; done; done; "
	    "echo done");
	ck_assert_str_eq(shell_output(), "done\n");
}

TEST(failures)
{
	shell_expect(1, "none: No such file or directory", CERTS "show none");
	/* A bad one hides neither those after it nor the other errors. */
	shell_expect(1, "CN=tlsecho root", CERTS "show none . pki/ca.pem");
	shell_expect(
	    1, "certs: none: No such file", CERTS "show none . pki/ca.pem");
	shell_expect(
	    1, "certs: .: is a directory", CERTS "show none . pki/ca.pem");
	shell_expect(1, ".: is a directory", CERTS "show .");
	shell_expect(2, "too few operands: show FILE...", CERTS "show");
	shell_expect(
	    2, "show takes no --force", CERTS "show --force pki/ca.pem");
}

/* Others refuse such a key, though we read it. */
TEST(scalar_of_a_wrong_size)
{
	shell_expect(0, "", CERTS "client pki odd");
	shell_expect(1, "", CERTS "show pki/odd.key | grep fault");
	odd_key_rewrite("pki/odd.key");
	shell_expect(0, "fault            its scalar has 33 bytes, not 32",
	    CERTS "show pki/odd.key");
	if (shell_has_program("openssl"))
		shell_expect(0, "its scalar has 33 bytes, not 32",
		    "sed /-----/d pki/odd.key | openssl base64 -d -out odd.der"
		    " && " CERTS "show odd.der");
}

SUITE_BETWEEN("certs/show", setup, scratch_leave)
