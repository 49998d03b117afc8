/* exporter_case: http_run in a child; see the header. */
#include "tests/tools/http/exporter_case.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/http.h"

struct exporter_case exporter_case = {
	.options = { .address = "127.0.0.1:0",
	    .names = exporter_case.names,
	    .interval_ns = 50 * CLOCK_NS_PER_MS },
};

static struct exporter_case *const x = &exporter_case;

int
exporter_case_serve(void)
{
	const struct rlimit limit = { x->files, x->files };
	struct errmsg e;

	if (x->files != 0 && setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 2;
	if (http_run(&x->options, &e) == 0)
		return 0;
	fprintf(stderr, "error: %s\n", e.text);
	return 1;
}

void
exporter_case_start_alone(void)
{
	const char *colon;

	background_start(&x->process, exporter_case_serve);
	background_expect(&x->process, "/\n");
	colon = strrchr(x->process.text, ':');
	ck_assert_ptr_nonnull(colon);
	x->port = atoi(colon + 1);
}

void
exporter_case_start(void)
{
	demo_segment_start(&x->demo, "http", 2);
	demo_segment_state(&x->demo, 1, STATS_SLOT_READY, 4711);
	x->names[0] = x->demo.name;
	exporter_case_start_alone();
}

void
exporter_case_restart_server(void)
{
	char name[STATS_SHM_NAME];

	memcpy(name, x->demo.name, sizeof name);
	demo_segment_start_named(&x->demo, name, 2);
	demo_segment_state(&x->demo, 1, STATS_SLOT_READY, 4711);
}

int
exporter_case_follow(void)
{
	int fd = http_connect(x->port);

	http_send(fd, EXPORTER_CASE_EVENTS);
	return fd;
}

void
exporter_case_end_alone(void)
{
	background_signal(&x->process, SIGTERM);
	ck_assert_int_eq(background_finish(&x->process), 0);
}

void
exporter_case_end(void)
{
	exporter_case_end_alone();
	demo_segment_stop(&x->demo);
}
