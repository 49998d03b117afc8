/* Keys and certificates in a token, which SoftHSM plays. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define WEB "pkcs11:token=t1;object=web"
#define RSA "pkcs11:token=t1;object=rsa"

static struct server server;

/* A token with the server's identity and an RSA key; false: skip. */
static bool
make_token(void)
{
	char path[256];

	if (!shell_has_program("softhsm2-util"))
		return false;
	if (SUITE_IS_SANITIZED) {
		suite_skip("SoftHSM and p11-kit leak what they load");
		return false;
	}
	ck_assert_ptr_nonnull(getcwd(path, sizeof path - 16));
	(void)strcat(path, "/softhsm.conf");
	(void)setenv("SOFTHSM2_CONF", path, 1);
	shell_expect(0, "",
	    "rm -rf token && mkdir token && "
	    "echo 1234 >pin && echo 9999 >wrong && "
	    "chmod 600 pin wrong && cp pin open && chmod 644 open && "
	    "printf 'directories.tokendir = %%s\\n' $PWD/token "
	    ">softhsm.conf && "
	    "softhsm2-util --init-token --free --label t1 --pin 1234 "
	    "--so-pin 5678 && "
	    "openssl pkcs8 -topk8 -nocrypt -in ca/server.key -out web.p8 && "
	    "softhsm2-util --import web.p8 --token t1 --label web --id 01 "
	    "--pin 1234 && "
	    "p11tool --login --set-pin 1234 --write --load-certificate "
	    "ca/server.pem --label web --id 01 pkcs11:token=t1");
	shell_expect(0, "",
	    "openssl genrsa 2048 2>/dev/null | openssl pkcs8 -topk8 -nocrypt "
	    "-out rsa.p8 && "
	    "softhsm2-util --import rsa.p8 --token t1 --label rsa --id 02 "
	    "--pin 1234 && printf 'cn=rsa\\ntls_www_server\\nsigning_key\\n"
	    "encryption_key\\nip_address=127.0.0.1\\n' >rsa.cfg && certtool "
	    "--generate-certificate --template rsa.cfg --load-privkey rsa.p8 "
	    "--load-ca-certificate ca/ca.pem --load-ca-privkey ca/ca.key "
	    "--outfile rsa.pem");
	return true;
}

static void
handshake_in(const char *versions)
{
	client_run(0, server_address(&server),
	    "-c 2 -n 4 --handshakes --priority NORMAL:-VERS-ALL:%s", versions);
}

static const struct {
	const char *cert, *key;
	bool decrypts;
} identities[] = {
	{ "ca/server.pem", WEB, false },
	{ WEB, WEB, false },
	{ "rsa.pem", RSA, true },
};

TEST_WITH(signs, .loops = TEST_ROWS(identities), .limit_s = 30)
{
	if (!make_token())
		return;
	server_start(&server, "--cert", identities[_i].cert, "--key",
	    identities[_i].key, "--password-file", "pin", "--priority",
	    "NORMAL:+RSA", NULL);
	handshake_in("+VERS-TLS1.3");
	handshake_in("+VERS-TLS1.2");
	if (identities[_i].decrypts)
		handshake_in("+VERS-TLS1.2:-KX-ALL:+RSA");
	server_reload(&server);
	handshake_in("+VERS-TLS1.3");
	server_stop_clean(&server);
}

/* The token is gone, then it is back. */
TEST_WITH(comes_and_goes, .limit_s = 40)
{
	if (!make_token())
		return;
	server_start(&server, "--cert", "ca/server.pem", "--key", WEB,
	    "--password-file", "pin", NULL);
	handshake_in("+VERS-TLS1.3");
	shell_expect(0, "", "mv token gone");
	client_run(1, server_address(&server), "-c 1 -n 1");
	ck_assert_uint_eq(server_total(&server, "handshake_signer"), 1);
	spawn_expect(&server.process, "the signing process cannot use key 1");
	spawn_expect(&server.process, ": " WEB ": no token has this private");
	shell_expect(0, "", "mv gone token");
	AWAIT(shell("tlsecho-client --cert ca/alice.pem --key ca/alice.key "
		    "--ca ca/ca.pem -c 1 -n 1 %s",
		  server_address(&server)) == 0);
	ck_assert_uint_gt(server_total(&server, "signer_restarts"), 0);
	server_stop(&server);
}

static const struct {
	int status;
	const char *words, *options;
} mistakes[] = {
	{ 1, WEB ": the token wants a PIN",
	    "--cert ca/server.pem --key '" WEB "'" },
	{ 1, WEB ": the token refuses the PIN",
	    "--cert ca/server.pem --key '" WEB "' --password-file wrong" },
	{ 1, WEB ": pin-source: none: No such file",
	    "--cert ca/server.pem --key '" WEB "?pin-source=none'" },
	{ 1, WEB ": pin-source: open: ",
	    "--cert ca/server.pem --key '" WEB "?pin-source=open'" },
	{ 1, WEB ": the private key does not belong",
	    "--cert '" WEB "?pin-value=1234' --key ca/alice.key" },
	{ 1, "object=other: the token has no such private key",
	    "--cert ca/server.pem --key 'pkcs11:token=t1;object=other' "
	    "--password-file pin" },
	{ 1, "object=other: the token has no such certificate",
	    "--cert 'pkcs11:token=t1;object=other' --key ca/server.key" },
	{ 1, "no token has this private key",
	    "--cert ca/server.pem --key 'pkcs11:token=t2;object=web' "
	    "--password-file pin" },
	{ 1, "is no URI of PKCS#11",
	    "--cert ca/server.pem --key 'pkcs11:token;;=x' --password-file "
	    "pin" },
	{ 1, WEB ": the private key cannot sign, or does not belong",
	    "--cert rsa.pem --key '" WEB "' --password-file pin" },
	{ 2, "--keys-in-workers and a --key in a token do not go together",
	    "--cert ca/server.pem --key '" WEB "' --password-file pin "
	    "--keys-in-workers" },
	{ 0, "configuration ok",
	    "--cert ca/server.pem --key '" WEB "?pin-source=file:pin'" },
	{ 0, "configuration ok",
	    "--cert ca/server.pem --key '" WEB "?pin-value=1234'" },
	{ 0, "configuration ok",
	    "--cert ca/server.pem --key '" WEB "?x=y&pin-source=%70in'" },
};

TEST_WITH(told_by_test, .limit_s = 60)
{
	if (!make_token())
		return;
	for (size_t i = 0; i < TEST_ROWS(mistakes); i++) {
		shell_expect(mistakes[i].status, mistakes[i].words,
		    "tlsecho-server --test --ca ca/ca.pem %s",
		    mistakes[i].options);
		/* The PIN is nobody's business. */
		ck_assert_ptr_null(strstr(shell_output(), "1234"));
	}
}

FIXTURE_SUITE("e2e/token")
