/* Tests of tools/http/subscribers: events, over real sockets. */
#include "tools/http/subscribers.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "tests/support/await.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"
#include "tests/tools/http/exporter_case.h"

enum {
	WORKERS = 256, /* of which a sample takes 20 KB */
	FILLED = 250,  /* samples are more than the kernel holds, 4 MiB */
};

static struct exporter_case *const x = &exporter_case;

TEST_WITH(events_follow_the_server, .limit_s = 60)
{
	int fd;

	exporter_case_start();
	fd = exporter_case_follow();
	ck_assert(http_read_until(fd, "event: history\ndata: {\"bands\":[0,"));
	demo_segment_add(&x->demo, 1, STATS_ACCEPTED, 3);
	ck_assert(http_read_until(fd, "\"open\":3"));
	demo_segment_kill(&x->demo);
	ck_assert(http_read_until(fd, "\"state\":\"dead\""));
	exporter_case_restart_server();
	ck_assert(http_read_until(fd, "\"state\":\"alive\""));
	/* The exporter ends in order although there is a stream. */
	exporter_case_end();
	ck_assert(http_read_until(fd, NULL));
}

/* The signal and the request come in one turn, as when the CPU is busy. */
TEST(a_stream_that_comes_at_the_end)
{
	int fd;

	exporter_case_start();
	fd = http_connect(x->port);
	http_send(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ck_assert(http_read_until(fd, " ok\n"));
	background_signal(&x->process, SIGSTOP);
	http_send(fd, EXPORTER_CASE_EVENTS);
	background_signal(&x->process, SIGTERM);
	background_signal(&x->process, SIGCONT);
	ck_assert_int_eq(background_finish(&x->process), 0);
	demo_segment_stop(&x->demo);
}

TEST_WITH(so_many_streams, .limit_s = 60)
{
	int fds[CLIENTS_STREAMS + 1];

	exporter_case_start();
	for (int i = 0; i < CLIENTS_STREAMS; i++) {
		fds[i] = exporter_case_follow();
		ck_assert(http_read_until(fds[i], "event: sample"));
	}
	fds[CLIENTS_STREAMS] = exporter_case_follow();
	ck_assert(http_read_until(fds[CLIENTS_STREAMS], "\r\n\r\n"));
	ck_assert_ptr_nonnull(strstr(http_reply(), " 503 "));
	ck_assert(http_has("Retry-After: 10"));
	/* A client that goes leaves its place to another. */
	(void)close(fds[0]);
	AWAIT(close(fds[CLIENTS_STREAMS]) == 0 &&
	    (fds[CLIENTS_STREAMS] = exporter_case_follow()) >= 0 &&
	    http_read_until(fds[CLIENTS_STREAMS], "\r\n\r\n") &&
	    strstr(http_reply(), " 200 ") != NULL);
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	exporter_case_end();
}

/* Where no sample is due, comments find out who has gone, each of whom leaves
 * its place. */
TEST_WITH(a_quiet_stream_notices_that_its_client_has_gone, .limit_s = 60)
{
	int fds[CLIENTS_STREAMS];
	int fd = -1;

	x->options.interval_ns = 3600 * CLOCK_NS_PER_S;
	x->options.keep_alive_ns = 20 * CLOCK_NS_PER_MS;
	exporter_case_start();
	for (int i = 0; i < CLIENTS_STREAMS; i++) {
		fds[i] = exporter_case_follow();
		ck_assert(http_read_until(fds[i], "\r\n:\n\n"));
	}
	for (int i = 0; i < CLIENTS_STREAMS; i++)
		ck_assert_int_eq(close(fds[i]), 0);
	AWAIT((fd < 0 || close(fd) == 0) &&
	    (fd = exporter_case_follow()) >= 0 &&
	    http_read_until(fd, "\r\n\r\n") &&
	    strstr(http_reply(), " 200 ") != NULL);
	exporter_case_end();
}

/* CPU time of the exporter. */
static int64_t
cpu_ns(void)
{
	struct timespec t;
	clockid_t clock;

	ck_assert_int_eq(clock_getcpuclockid(x->process.pid, &clock), 0);
	ck_assert_int_eq(clock_gettime(clock, &t), 0);
	return t.tv_sec * CLOCK_NS_PER_S + t.tv_nsec;
}

/* So many samples, as one who reads gets them. */
static void
pass_samples(int fd, int count)
{
	while (count-- > 0)
		ck_assert(http_read_until(fd, "event: sample"));
}

/*
 * As many as may be: then others are served, and who reads gets all samples,
 * with next to no CPU time, which a loop that does not wait would take all of.
 */
TEST_WITH(clients_that_never_read, .limit_s = 60)
{
	const int room = 1;
	int64_t before_ns, cpu_before_ns;
	int reader;

	x->options.interval_ns = 20 * CLOCK_NS_PER_MS;
	demo_segment_start(&x->demo, "http", WORKERS + 1);
	for (unsigned i = 1; i <= WORKERS; i++)
		demo_segment_state(&x->demo, i, STATS_SLOT_READY, 4711);
	x->names[0] = x->demo.name;
	exporter_case_start_alone();
	reader = exporter_case_follow();
	for (int i = 1; i < CLIENTS_STREAMS; i++) {
		int fd = http_connect(x->port);

		ck_assert_int_eq(
		    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room),
		    0);
		http_send(fd, EXPORTER_CASE_EVENTS);
	}
	pass_samples(reader, FILLED);
	before_ns = clock_now_ns();
	cpu_before_ns = cpu_ns();
	pass_samples(reader, 20);
	ck_assert_int_lt(SUITE_IS_SANITIZED ? 0 : cpu_ns() - cpu_before_ns,
	    (clock_now_ns() - before_ns) / 2);
	ck_assert_int_eq(http_ask(x->port, "GET", "/metrics", NULL), 200);
	ck_assert_int_eq(http_ask(x->port, "GET", "/api/v1/events", NULL), 503);
	exporter_case_end();
}

TEST(age_of_a_worker)
{
	int fd;

	exporter_case_start();
	demo_segment_state(&x->demo, 1, STATS_SLOT_READY, getpid());
	fd = exporter_case_follow();
	ck_assert(http_read_until(fd, "\"age_s\":"));
	exporter_case_end();
}

/* What one does not read is not kept for it. */
TEST(a_reader_that_does_not_read)
{
	int fd;

	exporter_case_start();
	fd = exporter_case_follow();
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(http_ask(x->port, "GET", "/", NULL), 200);
	ck_assert(http_read_until(fd, "event: sample"));
	exporter_case_end();
}

SUITE("tools/http/subscribers")
