/* Tests of the views of tools/term: what they say, at any size. */
#include <check.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tests/tools/term/canvas_case.h"
#include "tools/term/keys.h"
#include "tools/term/page.h"

static struct model m;

/* Two samples, a second apart. */
static void
start(void)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, false), 0);
	canvas_case_add(&m,
	    &(struct canvas_case){
		.second = 10, .accepted = 3, .conns = 3, .days_left = 30 });
	canvas_case_add(&m,
	    &(struct canvas_case){ .second = 11,
		.accepted = 1234,
		.ended = 34,
		.handshakes = 50,
		.reads = 138000,
		.bytes = 6983516,
		.expired = 7,
		.conns = 3,
		.days_left = 30 });
}

static void
expect(const char *text, const char *words)
{
	ck_assert_msg(
	    strstr(text, words) != NULL, "no '%s' in:\n%s", words, text);
}

static const char *
draw(enum page_id page)
{
	m.page = page;
	m.is_stale = true;
	return canvas_case_draw(&m, 24, 80);
}

static const struct {
	int64_t days;
	unsigned columns;
	const char *words;
} crls[] = {
	{ 3, 80, "  CRL due in 3 d, 3 d old" },
	{ 3, 40, "  CRL 3 d old" },
	{ -3, 80, "  CRL overdue by 2 d" }, /* and from the future */
	{ 0, 80, "  no CRL" },
};

TEST_EACH(header_tells_the_age_of_the_list, crls)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, false), 0);
	canvas_case_add(&m,
	    &(struct canvas_case){ .second = 10, .crl_days = crls[_i].days });
	m.page = PAGE_OVERVIEW;
	expect(canvas_case_draw(&m, 24, crls[_i].columns), crls[_i].words);
	model_fini(&m);
}

TEST(header_tells_most)
{
	const char *text;

	start();
	text = draw(PAGE_OVERVIEW);
	expect(text, "web up 11.0 s  demo 1.0 pid 4700");
	expect(text, " 22:13:31 every 1.00 s\n");
	expect(text, "1,200 open  2 workers  certificate ends in 30 d  no CRL");
	expect(text, "handshakes/s        50");
	expect(text, "reads/s           138k");
	expect(text, "bytes/s       6.66 MiB");
	expect(text, "failures/s           7");
	expect(text,
	    "1 overview 2 counters 3 workers 4 connections 5 latency "
	    "6 failures  ? help  q\n");
	model_fini(&m);
}

static const struct {
	struct canvas_case what;
	const char *words;
} healths[] = {
	{ { .second = 11 }, "OK: no failures in the last minute" },
	{ { .second = 11, .stopped = 2 }, "!! all 2 workers stopped: let" },
	{ { .second = 11, .stopped = 1 }, "!! 1 of 2 workers stopped: let" },
	{ { .second = 11, .stopped = 1 }, "2 workers, 1 stopped" },
	{ { .second = 11, .draining = 1 }, "  1 worker + 1 draining  " },
	{ { .second = 11, .is_dead = true },
	    "!! the server (pid 4700) is dead" },
	{ { .second = 11, .is_dead = true }, "web DEAD, started 00:00:00" },
	{ { .second = 11, .days_left = 13 }, "!! a certificate ends in 13 d" },
	{ { .second = 11, .days_left = -1 }, "!! a certificate has expired" },
	{ { .second = 11, .days_left = -1 }, "  certificate EXPIRED" },
	{ { .second = 11, .expired = 5 },
	    "!  handshakes fail: 5/s, most by handshake_expired" },
	{ { .second = 11, .expired = 5 },
	    "\n   The client's certificate has expired." },
	{ { .second = 11, .counters = { { "refused", 4 } } },
	    "!! connections refused: 4/s, most by refused\n" },
	{ { .second = 11, .counters = { { "memory_pressure", 1 } } },
	    "!! memory is short: new connections are refused; see the log\n" },
	{ { .second = 11,
	      .counters = { { "refused", 9 }, { "refused_memory", 9 } } },
	    "!! connections refused: 9/s, most by refused_memory\n" },
	{ { .second = 11,
	      .counters = { { "refused", 9 }, { "refused_address", 3 },
		  { "refused_rate", 4 } } },
	    "!! connections refused: 4/s, most by refused_rate\n" },
	{ { .second = 11,
	      .counters = { { "refused", 9 }, { "refused_address", 4 } } },
	    "!! connections refused: 5/s, most by refused\n" },
	{ { .second = 11,
	      .counters = { { "ended_by_reload", 2 },
		  { "ended_revoked", 2 } } },
	    "!  connections end early: 2/s, most by ended_revoked\n" },
};

TEST_EACH(overview_says_what_is_wrong, healths)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, false), 0);
	canvas_case_add(&m, &(struct canvas_case){ .second = 10 });
	canvas_case_add(&m, &healths[_i].what);
	expect(draw(PAGE_OVERVIEW), healths[_i].words);
	model_fini(&m);
}

TEST(counters_have_rates_and_averages)
{
	const char *text;

	start();
	text = draw(PAGE_COUNTERS);
	expect(text, "counter                                value   /s now");
	expect(text,
	    "\naccepted                               1,234    1,231"
	    "    1,231    1,231    1,231\n");
	expect(text, "\nopen                                   1,200\n");
	ck_assert_ptr_null(strstr(text, "refused"));
	m.shows_all = true;
	expect(draw(PAGE_COUNTERS), "\nrefused ");
	model_fini(&m);
}

TEST(a_gauge_has_no_rate_of_a_worker)
{
	const char *text;

	start();
	(void)draw(PAGE_COUNTERS);
	list_move(&m.lists[PAGE_COUNTERS], 1);
	m.has_details = true;
	text = draw(PAGE_COUNTERS);
	expect(text, "open  1,200\n");
	expect(text, "worker 0 ");
	ck_assert_ptr_null(strstr(strstr(text, "worker 0 "), "/s"));
	model_fini(&m);
}

TEST(averages_are_by_time)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, false), 0);
	canvas_case_add(&m, &(struct canvas_case){ .second = 10 });
	canvas_case_add(
	    &m, &(struct canvas_case){ .second = 60, .accepted = 500 });
	canvas_case_add(
	    &m, &(struct canvas_case){ .second = 61, .accepted = 510 });
	expect(draw(PAGE_COUNTERS),
	    "\naccepted                                 510       10"
	    "       10       10       10\n");
	model_fini(&m);
}

TEST(baseline_is_the_viewer_s_own)
{
	start();
	model_toggle_base(&m);
	canvas_case_add(&m,
	    &(struct canvas_case){
		.second = 12, .accepted = 1244, .ended = 34 });
	expect(draw(PAGE_COUNTERS),
	    "\naccepted                                  10       10");
	expect(canvas_case_draw(&m, 24, 80), " since 0");
	expect(canvas_case_draw(&m, 24, 80),
	    "\nopen                                   1,210\n");
	model_toggle_base(&m);
	expect(draw(PAGE_COUNTERS),
	    "\naccepted                               1,244");
	/* Another server has nothing to do with it. */
	model_toggle_base(&m);
	canvas_case_add(&m,
	    &(struct canvas_case){ .second = 13, .start = 5, .accepted = 8 });
	expect(draw(PAGE_COUNTERS),
	    "\naccepted                                   8 ");
	ck_assert_ptr_null(m.base);
	model_fini(&m);
}

TEST(workers_have_states_and_skew)
{
	const char *text;

	start();
	text = draw(PAGE_WORKERS);
	expect(text, "skew  open 2.00  reads 2.00  handshakes 2.00");
	expect(text, "  0    4711 ready     1 min  1,200     50    138k    25");
	m.has_details = true;
	expect(draw(PAGE_WORKERS), "worker 0  pid 4711  ready\n");
	expect(canvas_case_draw(&m, 24, 80),
	    "read_operations                   138k");
	model_fini(&m);
}

TEST(connections_have_a_row_each)
{
	const char *text;

	start();
	text = draw(PAGE_CONNS);
	expect(text, "\n192.0.2.1:1002        CN=client-2 ");
	expect(text, " 3.22 KiB    300 B open");
	strcpy(m.lists[PAGE_CONNS].filter, "CLIENT-1");
	text = draw(PAGE_CONNS);
	expect(text, "CN=client-1");
	expect(text, " /CLIENT-1 (1 of 3)");
	ck_assert_ptr_null(strstr(text, "CN=client-2"));
	m.has_details = true;
	expect(draw(PAGE_CONNS), "cipher suite      TLS_AES_256_GCM_SHA384");
	model_fini(&m);
}

TEST(latency_is_since_the_start_and_of_now)
{
	const char *text;

	start();
	canvas_case_add(
	    &m, &(struct canvas_case){ .second = 12, .reads = 138010 });
	(void)draw(PAGE_LATENCY);
	list_move(&m.lists[PAGE_LATENCY], LIST_PAGE_DOWN);
	text = draw(PAGE_LATENCY);
	expect(text, "echo          since start    ");
	expect(text, "138k\n  now         last interval");
	expect(text, " 50.0 us      10\n");
	expect(text, "since start                        last interval\n");
	model_fini(&m);
}

TEST(failures_are_explained)
{
	const char *text;

	start();
	text = draw(PAGE_FAILURES);
	expect(
	    text, "\nhandshake_expired                     7       7       7 ");
	expect(text, "\nThe client's certificate has expired.");
	expect(text, "\nIssue a new one: tlsecho-certs renew DIR NAME.");
	expect(
	    text, "22:13:20 192.0.2.9:99          expired          CN=mallory");
	m.has_details = true;
	expect(draw(PAGE_FAILURES), "handshake_expired  7\n");
	expect(canvas_case_draw(&m, 24, 80),
	    "per second; the last 10 min, now at the right");
	model_fini(&m);
}

TEST(nobody_is_there_yet)
{
	ck_assert_int_eq(model_init(&m, CLOCK_NS_PER_S, false), 0);
	for (int i = 0; i < PAGES; i++)
		expect(
		    draw((enum page_id)i), "waiting for a server of this name");
	model_fini(&m);
}

static const unsigned sizes[][2] = { { 1, 1 }, { 1, 80 }, { 2, 3 }, { 3, 1 },
	{ 4, 7 }, { 10, 40 }, { 24, 1 }, { 24, 80 }, { 40, 120 }, { 5, 600 },
	{ 300, 30 } };

/* Details and help of each view, too; nothing is to be found at some sizes. */
TEST_EACH(any_size_is_drawn, sizes)
{
	const unsigned *size = sizes[_i];

	start();
	for (int i = 0; i < PAGES; i++) {
		for (int how = 0; how < 4; how++) {
			m.page = (enum page_id)i;
			m.is_stale = true;
			m.shows_all = how == 3;
			m.has_details = how == 1;
			m.has_help = how == 2;
			(void)canvas_case_draw(&m, size[0], size[1]);
		}
	}
	model_fini(&m);
}

TEST(a_small_screen_has_what_matters)
{
	const char *text;

	start();
	m.page = PAGE_OVERVIEW;
	text = canvas_case_draw(&m, 10, 40);
	expect(text, "web up 11.0 s");
	expect(text, "1,200 open  2 workers  cert 30 d");
	expect(text, "hs 50  read 138k  B 6.98M  fail 7");
	expect(text, "\n!  handshakes fail: 7/s, most by handsha\n");
	expect(text, "1 overview 2 3 4 5 6  ? help  q");
	model_fini(&m);
}

SUITE("tools/term/pages")
