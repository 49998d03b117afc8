/* test_latency_text: when the figures need a sentence, and which. */
#include "client/report/latency_text.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"

static struct options o;
static struct tally totals;
static struct report r = { .options = &o, .totals = &totals };

/* Whether the report says so. */
static bool
says(const char *words)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);
	bool found;

	ck_assert_ptr_nonnull(out);
	latency_text_print(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	found = strstr(got, words) != NULL;
	free(got);
	return found;
}

static const struct {
	uint64_t rate;
	int64_t response_ns, service_ns, max_ns;
	bool handshakes, idle;
	const char *words; /* NULL: neither sentence */
} cases[] = {
	{ 100, 90 * CLOCK_NS_PER_MS, CLOCK_NS_PER_MS, 0, false, false,
	    "Messages waited: p99 is " },
	{ 100, 90 * CLOCK_NS_PER_MS, CLOCK_NS_PER_MS, 0, true, false,
	    "Transactions waited: p99 is " },
	{ 100, 90 * CLOCK_NS_PER_MS, 82 * CLOCK_NS_PER_MS, 0, false, false,
	    NULL },
	{ 100, CLOCK_NS_PER_MS, 1000, 0, false, false, NULL },
	{ 100, 50000, 50000, CLOCK_NS_PER_S, false, false, NULL },
	{ 0, 90000, 0, 100 * CLOCK_NS_PER_MS, false, false,
	    "Closed loop: one took 100 ms, though p99 is " },
	{ 0, 90000, 0, 100 * CLOCK_NS_PER_MS, true, false,
	    "Closed loop: one took 100 ms, though p99 is " },
	{ 0, 90000, 0, 100 * CLOCK_NS_PER_MS, false, true, NULL },
	{ 0, 90000, 0, 19 * CLOCK_NS_PER_MS, false, false, NULL },
	{ 0, 11 * CLOCK_NS_PER_MS, 0, 100 * CLOCK_NS_PER_MS, false, false,
	    NULL },
};

TEST_EACH(sentences, cases)
{
	enum tally_hist which = cases[_i].handshakes ? TALLY_HIST_TRANSACTION
						     : TALLY_HIST_ROUND_TRIP;

	o.rate = cases[_i].rate;
	o.handshakes = cases[_i].handshakes;
	o.idle = cases[_i].idle;
	hist_add(&totals.hists[which], cases[_i].response_ns, 999);
	if (cases[_i].max_ns > 0)
		hist_add(&totals.hists[which], cases[_i].max_ns, 1);
	if (cases[_i].rate > 0)
		hist_add(&totals.hists[TALLY_HIST_SERVICE],
		    cases[_i].service_ns, 999);
	if (cases[_i].words != NULL)
		ck_assert(says(cases[_i].words));
	else
		ck_assert(!says("waited") && !says("Closed loop"));
}

/* Nothing is said of the server where this client was late itself. */
TEST(late_client)
{
	o.rate = 100;
	o.late_limit_ns = CLOCK_NS_PER_MS;
	hist_add(
	    &totals.hists[TALLY_HIST_ROUND_TRIP], 90 * CLOCK_NS_PER_MS, 999);
	hist_add(&totals.hists[TALLY_HIST_SERVICE], CLOCK_NS_PER_MS, 999);
	ck_assert(says("Messages waited"));
	hist_add(&totals.hists[TALLY_HIST_LATENESS], CLOCK_NS_PER_S, 999);
	ck_assert(!says("waited"));
}

/* A row for each histogram that has values, and none for the others. */
TEST(rows)
{
	static const char *const titles[] = { "\nTCP connect ", "\nTLS ",
		"\nfirst echo ", "\nround trip ", "\nservice " };
	const size_t n = sizeof titles / sizeof *titles;

	ck_assert(!says("Latency"));
	stats_hist_add(&totals.shard, STATS_HANDSHAKE_TIME, 1500000, 3);
	for (size_t i = 0; i < n; i++)
		ck_assert(!says(titles[i]));
	for (int i = 0; i < TALLY_HISTS; i++)
		hist_add(&totals.hists[i], 1000, 3);
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(says(titles[i]), "%s", titles[i]);
}

SUITE("client/report/latency_text")
