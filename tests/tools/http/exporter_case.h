/*
 * exporter_case: the exporter in a process of its own, and a made-up server.
 *
 * Owns:	both, from start to end.
 * Errors:	all fail the test.
 * Use:
 *	exporter_case_start();
 *	ck_assert_int_eq(
 *	    http_ask(exporter_case.port, "GET", "/healthz", NULL), 200);
 *	exporter_case_end();
 */
#ifndef TESTS_TOOLS_HTTP_EXPORTER_CASE_H
#define TESTS_TOOLS_HTTP_EXPORTER_CASE_H

#include <sys/resource.h>

#include "tests/support/background.h"
#include "tests/support/demo_segment.h"
#include "tools/http/http.h"

/* What may be set before the start, and what there is then. */
struct exporter_case {
	struct http_options options; /* a sample each 50 ms, on any port */
	const char *names[3];        /* of the options */
	rlim_t files; /* that it may have open; 0: as many as may be */
	int port;
	struct background process;
	struct demo_segment demo;
};

extern struct exporter_case exporter_case;

/* The body of the process: the exit status. */
int exporter_case_serve(void);

/* A server with one worker that is ready, and the exporter of its name. */
void exporter_case_start(void);
/* The exporter alone, of the names. */
void exporter_case_start_alone(void);
/* The next server of that name, and is ready. */
void exporter_case_restart_server(void);

/* A stream of events: its descriptor, of which nothing has been read. */
#define EXPORTER_CASE_EVENTS \
	"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
int exporter_case_follow(void);

/* In order, by SIGTERM. */
void exporter_case_end(void);
void exporter_case_end_alone(void);

#endif
