/* --proxy-protocol behind the real haproxy and nginx. */
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
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

enum {
	CHECKS = 5 /* of its health that a proxy makes before a case goes on */
};

static struct server server;
static struct spawn proxy;
static struct addr front; /* where the proxy listens, on our descriptor */

/* $TO is the server's address, descriptor 9 the proxy's listener. */
#define HAPROXY(bind, options)                                        \
	"printf '%s\\n' defaults 'mode tcp' 'timeout connect 5s'"     \
	" 'timeout client 9s' 'timeout server 9s' 'timeout check 5s'" \
	" 'listen l' 'bind fd@9 " bind "'"                            \
	" \"server s $TO " options "\" >hap.cfg; exec haproxy -db -f hap.cfg"
#define NGINX                                                           \
	"printf '%s\\n' 'daemon off; pid nginx.pid; error_log stderr;'" \
	" 'load_module /usr/lib/nginx/modules/ngx_stream_module.so;'"   \
	" 'events {}' \"stream { server { listen $AT; proxy_pass $TO;"  \
	" proxy_protocol on; } }\" >nginx.conf;"                        \
	" NGINX='9;' exec nginx -e stderr -p $PWD/ -c nginx.conf"
#define CHECK " check inter 20ms"
#define ALL_OPTIONS \
	"ssl,ssl-cipher,cert-cn,cert-key,cert-sig,authority,crc32c,unique-id"

static void
start(const char *command)
{
	const struct spawn_options options = { .kept_fd = tcp_listen(&front) };
	char text[ADDR_TEXT];

	server_start(&server, "--proxy-protocol", "--log-level", "debug", NULL);
	ck_assert_int_eq(setenv("TO", server_address(&server), 1), 0);
	ck_assert_int_eq(setenv("AT", addr_format(&front, text), 1), 0);
	ck_assert_int_eq(
	    shell("cat ca/server.pem ca/server.key >front.pem"), 0);
	spawn_start(&proxy, (const char *const[]){ "sh", "-c", command, NULL },
	    &options);
	(void)close(options.kept_fd);
}

static void
stop(void)
{
	spawn_signal(&proxy, SIGTERM);
	(void)spawn_wait(&proxy);
	server_stop(&server);
}

static const struct {
	const char *program, *command, *version;
} proxies[] = {
	{ "haproxy", HAPROXY("", "send-proxy"), "proxy_version=1" },
	{ "haproxy", HAPROXY("", "send-proxy-v2"), "proxy_version=2" },
	{ "haproxy", HAPROXY("", "send-proxy-v2-ssl"), "proxy_version=2" },
	{ "haproxy",
	    HAPROXY("",
		"send-proxy-v2 proxy-v2-options crc32c,authority,unique-id"),
	    "proxy_version=2" },
	{ "nginx", NGINX, "proxy_version=1" },
};

/* Its end of the connection with the proxy is what the server logs. */
START_TEST(address_of_the_client)
{
	char own[ADDR_TEXT], line[2 * ADDR_TEXT];
	struct addr addr;
	struct tlspeer peer;

	if (!shell_has_program(proxies[_i].program))
		return;
	start(proxies[_i].command);
	tlspeer_join(&peer, addr_port(&front));
	addr_of_socket(&addr, peer.fd);
	(void)snprintf(line, sizeof line,
	    "peer=%s proxy=127.0.0.1:", addr_format(&addr, own));
	spawn_expect(&server.process, line);
	spawn_expect(&server.process, proxies[_i].version);
	tlspeer_close(&peer); /* nginx makes no half-closed connections */
	server_expect_failures(&server, NULL, 0);
	stop();
}
END_TEST

/* What haproxy says of a client of TLS that it ends, and goes on to us with a
 * certificate of its own. */
START_TEST(fields_of_a_client_of_haproxy)
{
	if (!shell_has_program("haproxy"))
		return;
	ck_assert_int_eq(shell("cat ca/bob.pem ca/bob.key >back.pem"), 0);
	start(HAPROXY("ssl crt front.pem ca-file ca/ca.pem verify optional",
	    "ssl crt back.pem verify none send-proxy-v2-ssl-cn"
	    " proxy-v2-options " ALL_OPTIONS " sni str(x.org)"));
	client_run(0, addr_format(&front, (char[ADDR_TEXT]){ 0 }),
	    "-c 1 -n 1 --server-name localhost");
	spawn_expect(&server.process, "proxy_authority=localhost");
	spawn_expect(&server.process, "proxy_ssl_version=TLSv1.3");
	spawn_expect(&server.process, "proxy_ssl_cipher=TLS_AES_");
	spawn_expect(&server.process, "proxy_ssl_certificate=verified");
	spawn_expect(&server.process, "proxy_ssl_cn=alice");
	spawn_expect(&server.process, "RemoteCertificate.Subject=\"CN=bob\"");
	stop();
}
END_TEST

static const char *const checks[] = {
	HAPROXY("", "send-proxy" CHECK),
	HAPROXY("", "send-proxy-v2 check-send-proxy" CHECK),
	HAPROXY("", "send-proxy-v2-ssl check-send-proxy" CHECK),
	HAPROXY(
	    "", "send-proxy-v2 check-send-proxy proxy-v2-options crc32c" CHECK),
	HAPROXY("", "send-proxy-v2 check-ssl verify none" CHECK),
	HAPROXY("", "send-proxy check-ssl verify none" CHECK),
	HAPROXY("",
	    "send-proxy-v2-ssl-cn proxy-v2-options " ALL_OPTIONS
	    " check-ssl check-sni x.org verify none" CHECK),
};

START_TEST(checks_are_no_failures)
{
	if (!shell_has_program("haproxy"))
		return;
	start(checks[_i]);
	AWAIT(server_total(&server, "health_checks") >= CHECKS);
	server_expect_failures(&server, NULL, 0);
	ck_assert(!spawn_said(&server.process, "refused="));
	stop();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/proxy_foreign");

	SUITE_ADD_LOOP(s, address_of_the_client, TEST_ROWS(proxies));
	SUITE_ADD(s, fields_of_a_client_of_haproxy);
	SUITE_ADD_LOOP(s, checks_are_no_failures, TEST_ROWS(checks));
	return fixture_run(s, argc, argv);
}
