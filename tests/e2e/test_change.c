/* --reload-on-change: files are replaced, written, swapped by links. */
#include <check.h>
#include <stdlib.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

static const char *const changes[] = {
	/* certbot and the like */
	"cp tls/..1/cert.pem new && mv new tls/cert.pem",
	/* Kubernetes */
	"cp -r tls/..1 tls/..2; ln -s ..2 tls/tmp; mv -T tls/tmp tls/..data",
	/* an editor that writes in place */
	"cat ca/server.pem >tls/..1/cert.pem",
};

/* One reload each. */
START_TEST(reloads_by_itself)
{
	shell_expect(0, "",
	    "rm -rf tls && mkdir -p tls/..1 &&"
	    " cp ca/server.pem tls/..1/cert.pem && ln -s ..1 tls/..data &&"
	    " ln -s ..data/cert.pem tls/cert.pem");
	server_start(&server, "--reload-on-change", "--cert", "tls/cert.pem",
	    "--key", "ca/server.key", NULL);
	shell_expect(0, "", "%s", changes[_i]);
	spawn_expect(&server.process, "files have changed: reloading");
	AWAIT(server_total(&server, "worker_reloads") == 2);
	ck_assert_uint_eq(server_total(&server, "reloads"), 1);
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}
END_TEST

/* What is wrong changes nothing, and what follows it is looked at again. */
START_TEST(wrong_then_right)
{
	shell_expect(0, "", "cp ca/server.pem cert.pem");
	server_start(&server, "--reload-on-change", "--cert", "cert.pem",
	    "--key", "ca/server.key", NULL);
	shell_expect(0, "", "echo wrong >cert.pem");
	spawn_expect(&server.process, "reload refused, nothing changed");
	shell_expect(0, "", "cp ca/server.pem new && mv new cert.pem");
	AWAIT(server_total(&server, "worker_reloads") == 2);
	server_stop(&server);
}
END_TEST

/* Those that the file of options names by now, even where it was refused. */
START_TEST(other_files)
{
	shell_expect(0, "",
	    "echo cn alice >rules; rm -f new.rules;"
	    " echo allow-file = rules >server.conf");
	server_start(&server, "--reload-on-change", "--config", "server.conf",
	    "--cert", "ca/server.pem", "--key", "ca/server.key", NULL);
	shell_expect(0, "", "echo allow-file = new.rules >server.conf");
	spawn_expect(&server.process, "new.rules: No such file");
	shell_expect(0, "", "echo cn alice >new.rules");
	AWAIT(server_total(&server, "worker_reloads") == 2);
	shell_expect(0, "", "echo cn bob >new.rules");
	AWAIT(server_total(&server, "worker_reloads") == 4);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/change");

	SUITE_ADD_LOOP(s, reloads_by_itself, sizeof changes / sizeof *changes);
	SUITE_ADD(s, wrong_then_right);
	SUITE_ADD(s, other_files);
	return fixture_run(s, argc, argv);
}
