/* Keys that a password opens: both forms, of server and client, and reloads. */
#include <check.h>
#include <signal.h>

#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct server server;

/* NAME.key of ca/ as FILE; the fixture's password is in its file. */
static const char *const forms[] = {
	"openssl pkcs8 -topk8 -v2 aes-256-cbc",
	"openssl ec -aes256",
};

static void
encrypt(const char *form, const char *name, const char *password)
{
	shell_expect(0, "",
	    "umask 077; %s -in ca/%s.key -passout file:%s -out %s.key", form,
	    name, password, name);
}

static void
start(void)
{
	server_start(&server, "--cert", fixture_path("ca/server.pem"), "--key",
	    fixture_path("server.key"), "--password-file",
	    fixture_path("password"), NULL);
}

/* Workers get the key, and not the password. */
TEST_EACH(server_and_client, forms)
{
	if (!shell_has_program("openssl"))
		return;
	encrypt(forms[_i], "server", "password");
	encrypt(forms[_i], "alice", "password");
	start();
	shell_expect(0, "",
	    "tlsecho-client -c 2 -n 5 --cert ca/alice.pem --key alice.key "
	    "--password-file password --ca ca/ca.pem %s",
	    server_address(&server));
	server_replace_worker(&server, 0);
	shell_expect(1, "alice.key: the key is encrypted: give --password-file",
	    "tlsecho-client -c 2 -n 5 --cert ca/alice.pem --key alice.key "
	    "--ca ca/ca.pem %s",
	    server_address(&server));
	shell_expect(0, "",
	    "tlsecho-client -c 2 -n 5 --cert ca/alice.pem --key ca/alice.key "
	    "--password-file password --ca ca/ca.pem %s",
	    server_address(&server));
	server_stop_clean(&server);
}

/* With another password; the old one is then wrong. */
TEST(reload)
{
	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "", "cp password kept");
	encrypt(forms[0], "server", "password");
	start();
	shell_expect(0, "", "echo another >second");
	encrypt(forms[0], "server", "second");
	spawn_signal(&server.process, SIGHUP);
	spawn_expect(&server.process, "reload refused, nothing changed: ");
	spawn_expect(&server.process,
	    "server.key: wrong password in --password-file, or a damaged key");
	shell_expect(0, "", "cp second password");
	server_reload(&server);
	shell_expect(0, "",
	    "tlsecho-client -c 2 -n 5 --cert ca/alice.pem --key ca/alice.key "
	    "--ca ca/ca.pem %s",
	    server_address(&server));
	server_stop_clean(&server);
	shell_expect(0, "", "cp kept password");
}

FIXTURE_SUITE("e2e/encrypted_keys")
