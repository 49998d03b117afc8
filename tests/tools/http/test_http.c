/* Tests of tools/http/http: routes, limits and ends, over real sockets. */
#include "tools/http/http.h"

#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/await.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"
#include "tests/tools/http/exporter_case.h"

static struct exporter_case *const x = &exporter_case;

static const struct {
	const char *method, *path, *fields;
	int status;
	const char *text; /* in the body */
} requests[] = {
	{ "GET", "/", NULL, 200, "<title>" },
	{ "GET", "/healthz", NULL, 200, " ok\n" },
	{ "GET", "/metrics", NULL, 200, "tlsecho_up{server=\"test-http-" },
	{ "GET", "/api/v1/stats.json", NULL, 200, "\"alive\":true" },
	{ "GET", "/api/v1/connections", NULL, 200, "\"matched\":0" },
	{ "GET", "/api/v1/connections?sort=age&reverse=1&limit=1000&filter=%3C",
	    NULL, 200, "\"connections\":[]" },
	{ "GET", "/api/v1/connections?limit=1001", NULL, 400, "limit:" },
	{ "GET", "/api/v1/connections?sort=colour", NULL, 400, "sort:" },
	{ "GET", "/api/v1/stats.json?server=other", NULL, 404, "no server" },
	{ "GET", "/healthz?server=other", NULL, 404, "no server" },
	{ "GET", "/api/v1/events?server=other", NULL, 404, "no such server" },
	{ "GET", "/nowhere", NULL, 404, "see /" },
	{ "POST", "/", "Host: localhost\r\nContent-Length: 0\r\n", 405, "GET" },
	{ "DELETE", "/metrics", NULL, 405, "GET and HEAD" },
	{ "GET", "/", "Host: evil.example\r\n", 421, "not the host" },
	{ "GET", "/metrics", "Host: evil.example:9464\r\n", 421, "host" },
	{ "HEAD", "/", NULL, 200, "" },
	{ "HEAD", "/api/v1/events", NULL, 200, "" },
};

TEST_EACH(answers, requests)
{
	const char *text = requests[_i].text;

	exporter_case_start();
	ck_assert_int_eq(http_ask(x->port, requests[_i].method,
			     requests[_i].path, requests[_i].fields),
	    requests[_i].status);
	if (text[0] == '\0')
		ck_assert_str_eq(http_body(), "");
	ck_assert_msg(strstr(http_body(), text) != NULL, "%s", http_reply());
	ck_assert(http_has("Cache-Control: no-store"));
	ck_assert(http_has("X-Content-Type-Options: nosniff"));
	ck_assert_ptr_nonnull(strstr(http_reply(), "\r\nContent-Type: "));
	ck_assert_ptr_nonnull(strstr(
	    http_reply(), "\r\nContent-Security-Policy: default-src 'none'"));
	ck_assert_ptr_null(strstr(http_reply(), "Access-Control-"));
	ck_assert_int_eq(
	    http_has("Allow: GET, HEAD"), requests[_i].status == 405);
	exporter_case_end();
}

/* Numbers are of the moment at which they are asked for. */
TEST(numbers_are_fresh)
{
	json_t *object;

	exporter_case_start();
	demo_segment_add(&x->demo, 1, STATS_ACCEPTED, 5);
	AWAIT(http_ask(x->port, "GET", "/api/v1/stats.json", NULL) == 200 &&
	    strstr(http_body(), "\"accepted\":5") != NULL);
	object = json_loads(http_body(), 0, NULL);
	ck_assert_ptr_nonnull(object);
	json_decref(object);
	exporter_case_end();
}

TEST_WITH(health_follows_the_server, .limit_s = 60)
{
	exporter_case_start();
	demo_segment_state(&x->demo, 1, STATS_SLOT_STARTING, 4711);
	AWAIT(http_ask(x->port, "GET", "/healthz", NULL) == 503);
	ck_assert_ptr_nonnull(strstr(http_body(), "no worker that is ready"));
	demo_segment_kill(&x->demo);
	AWAIT(http_ask(x->port, "GET", "/healthz", NULL) == 503 &&
	    strstr(http_body(), "is dead") != NULL);
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	ck_assert_ptr_nonnull(strstr(http_body(), "\"} 0\n"));
	exporter_case_restart_server();
	AWAIT(http_ask(x->port, "GET", "/healthz", NULL) == 200);
	exporter_case_end();
}

TEST(nobody_is_there)
{
	char name[STATS_SHM_NAME];

	demo_segment_name(name, "absent");
	x->names[0] = name;
	exporter_case_start_alone();
	ck_assert_int_eq(http_ask(x->port, "GET", "/healthz", NULL), 503);
	ck_assert_int_eq(
	    http_ask(x->port, "GET", "/api/v1/stats.json", NULL), 503);
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	ck_assert_int_eq(http_ask(x->port, "GET", "/", NULL), 200);
	exporter_case_end_alone();
}

/* Those that a pattern matches, as they come. */
TEST(patterns)
{
	struct demo_segment other;
	char pattern[STATS_SHM_NAME];

	demo_segment_start(&x->demo, "pattern-a", 2);
	(void)snprintf(
	    pattern, sizeof pattern, "test-pattern-?-%d", (int)getpid());
	x->names[0] = pattern;
	exporter_case_start_alone();
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	ck_assert_ptr_nonnull(strstr(http_body(), x->demo.name));
	demo_segment_start(&other, "pattern-b", 2);
	AWAIT(http_ask(x->port, "GET", "/metrics", NULL) == 200 &&
	    strstr(http_body(), other.name) != NULL);
	demo_segment_stop(&other);
	exporter_case_end();
}

TEST(too_few_open_files)
{
	x->files = 48;
	x->names[0] = "any";
	background_start(&x->process, exporter_case_serve);
	background_expect(
	    &x->process, "error: --http: 48 open files are too few, ");
	ck_assert_int_eq(background_finish(&x->process), 1);
}

static const rlim_t file_limits[] = { 0, 49, 64 };

/* Connections that ask for nothing, or for half a thing. */
TEST_WITH(idle_connections_keep_nobody_out, .limit_s = 60,
    .loops = TEST_ROWS(file_limits))
{
	enum {
		IDLE = 500
	};
	static int fds[IDLE];
	int stream;

	x->files = file_limits[_i];
	exporter_case_start();
	stream = exporter_case_follow();
	ck_assert(http_read_until(stream, "event: sample"));
	for (int i = 0; i < IDLE; i++) {
		fds[i] = http_connect(x->port);
		if (i % 2 == 0)
			http_send(fds[i], "GET / HTTP/1.1\r\nHost: loc");
	}
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	ck_assert(http_read_until(stream, "event: sample"));
	exporter_case_end();
}

TEST(requests_that_are_too_long)
{
	static char path[40000];

	exporter_case_start();
	memset(path, 'a', sizeof path);
	path[0] = '/';
	path[300] = '\0';
	ck_assert_int_eq(http_ask(x->port, "GET", path, NULL), 414);
	exporter_case_end();
}

TEST(an_address_that_is_in_use)
{
	static char same[32];

	exporter_case_start();
	(void)snprintf(same, sizeof same, "127.0.0.1:%d", x->port);
	x->options.address = same;
	ck_assert_int_eq(exporter_case_serve(), 1);
	exporter_case_end();
}

static int
serve_without_output(void)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	return full >= 0 && dup2(full, STDOUT_FILENO) >= 0
	    ? exporter_case_serve()
	    : 2;
}

/* With port 0, nobody could find it. */
TEST(address_that_cannot_be_said)
{
	x->names[0] = "nobody";
	background_start(&x->process, serve_without_output);
	background_expect(
	    &x->process, "error: standard output: No space left on device");
	ck_assert_int_eq(background_finish(&x->process), 1);
}

SUITE("tools/http/http")
