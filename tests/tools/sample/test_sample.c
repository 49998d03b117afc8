/* Tests of tools/sample/sample: totals, rates, and what must not become one. */
#include "tools/sample/sample.h"

#include <check.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"
#include "tools/sample/take.h"

#define SECOND CLOCK_NS_PER_S

static struct shm_case c;
static struct stats_shm *shm;

static void
open_segment(const char *label)
{
	shm_case_init(&c, label);
	shm = shm_case_create(&c);
}

static unsigned
index_of(const char *name)
{
	unsigned count = stats_shm_header(shm)->field_count;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(stats_shm_field(shm, i)->name, name) == 0)
			return i;
	ck_abort_msg("no field %s", name);
}

static void
add(unsigned slot, enum stats_counter counter, uint64_t n)
{
	struct stats_slot *s = stats_shm_slot(shm, slot);

	stats_add(&s->shards[STATS_SHARD_ECHO], counter, n);
}

static void
set_state(unsigned slot, enum stats_state state, pid_t pid)
{
	struct stats_slot *s = stats_shm_slot(shm, slot);

	atomic_store(&s->state, state);
	atomic_store(&s->pid, pid);
}

static struct sample *
take(int64_t now_ns)
{
	struct errmsg e;
	struct sample *s = sample_take(shm, now_ns, 0, &e);

	ck_assert_ptr_nonnull(s);
	return s;
}

TEST(totals_are_over_master_and_workers)
{
	struct sample *s;

	open_segment("totals");
	add(0, STATS_ACCEPTED, 1);
	add(1, STATS_ACCEPTED, 20);
	add(2, STATS_ACCEPTED, 300);
	add(1, STATS_ENDED, 5);
	s = take(7);
	ck_assert_uint_eq(sample_total(s, index_of("accepted")), 321);
	ck_assert_uint_eq(sample_value(s, 2, index_of("accepted")), 300);
	ck_assert_uint_eq(sample_total(s, index_of("open")), 316);
	ck_assert_int_eq(sample_time_ns(s), 7);
	ck_assert(sample_server(s)->is_alive);
	add(1, STATS_ACCEPTED, 1); /* a sample stays as it is */
	ck_assert_uint_eq(sample_total(s, index_of("accepted")), 321);
	sample_free(&s);
	ck_assert_ptr_null(s);
	stats_shm_close(&shm);
}

/* A worker whose ended is seen before its accepted owes the others nothing. */
TEST(differences_are_clamped_slot_by_slot)
{
	struct sample *s;

	open_segment("clamp");
	add(1, STATS_ENDED, 2);
	add(2, STATS_ACCEPTED, 3);
	s = take(0);
	ck_assert_uint_eq(sample_value(s, 1, index_of("open")), 0);
	ck_assert_uint_eq(sample_total(s, index_of("open")), 3);
	sample_free(&s);
	stats_shm_close(&shm);
}

static const struct {
	uint64_t start, step;
	int64_t elapsed_ns;
	double rate;
} rates[] = {
	{ 0, 0, SECOND, 0 },
	{ 5, 10, SECOND, 10 },
	{ 5, 10, SECOND / 4, 40 },
	{ 0, 1, 4 * SECOND, 0.25 },
	{ UINT64_MAX - 2, 10, SECOND, 10 },  /* wraps */
	{ 1000, (uint64_t)-300, SECOND, 0 }, /* goes back */
	{ 0, UINT64_MAX, SECOND, 0 },        /* the same, by one */
	{ 0, UINT64_C(1) << 62, 1, 4.611686018427388e27 },
};

TEST_EACH(rates_are_per_second, rates)
{
	struct sample *before;
	struct sample *now;
	double rate = -1;

	open_segment("rates");
	add(1, STATS_BYTES_SENT, rates[_i].start);
	before = take(1);
	add(1, STATS_BYTES_SENT, rates[_i].step);
	now = take(1 + rates[_i].elapsed_ns);
	ck_assert(sample_rate(now, before, index_of("bytes_sent"), &rate));
	ck_assert_double_eq(rate, rates[_i].rate);
	sample_free(&now);
	sample_free(&before);
	stats_shm_close(&shm);
}

TEST(no_rate_without_two_moments)
{
	struct sample *s;
	struct sample *same_moment;
	double rate;

	open_segment("moments");
	s = take(SECOND);
	same_moment = take(SECOND);
	ck_assert(!sample_rate(s, NULL, 0, &rate));
	ck_assert(!sample_rate(same_moment, s, 0, &rate));
	sample_free(&same_moment);
	same_moment = take(SECOND - 1);
	ck_assert(!sample_rate(same_moment, s, 0, &rate));
	sample_free(&same_moment);
	sample_free(&s);
	stats_shm_close(&shm);
}

TEST(no_rate_across_a_restart)
{
	struct sample *before;
	struct sample *now;
	double rate;

	open_segment("restart");
	add(1, STATS_ACCEPTED, 1000);
	before = take(0);
	stats_shm_close(&shm);
	shm = shm_case_create(&c); /* of this pid, but of a later start */
	add(1, STATS_ACCEPTED, 2000);
	now = take(SECOND);
	ck_assert(!sample_rate(now, before, 0, &rate));
	sample_free(&now);
	sample_free(&before);
	stats_shm_close(&shm);
}

/* A worker is replaced in its slot, which keeps its totals. */
TEST(slot_of_a_dead_worker_counts_on)
{
	struct sample *before;
	struct sample *now;
	double rate;

	open_segment("slot");
	set_state(1, STATS_SLOT_READY, 4711);
	add(1, STATS_ACCEPTED, 10);
	before = take(0);
	ck_assert_str_eq(sample_slot_state(before, 1), "ready");
	ck_assert_int_eq(sample_slot(before, 1)->pid, 4711);
	ck_assert(!sample_slot(before, 2)->is_used);

	set_state(1, STATS_SLOT_EMPTY, 0);
	now = take(SECOND);
	ck_assert(sample_slot(now, 1)->is_used);
	ck_assert_str_eq(sample_slot_state(now, 1), "empty");
	ck_assert_uint_eq(sample_total(now, index_of("accepted")), 10);
	sample_free(&now);

	set_state(1, STATS_SLOT_STARTING, 4712);
	add(1, STATS_ACCEPTED, 3);
	now = take(SECOND);
	ck_assert_str_eq(sample_slot_state(now, 1), "starting");
	ck_assert(sample_rate(now, before, index_of("accepted"), &rate));
	ck_assert_double_eq(rate, 3);
	sample_free(&now);
	sample_free(&before);
	stats_shm_close(&shm);
}

TEST_LOOP(idle_workers_are_used_and_empty_slots_not, 4)
{
	static const enum stats_state states[] = { STATS_SLOT_EMPTY,
		STATS_SLOT_STARTING, STATS_SLOT_READY, STATS_SLOT_DRAINING };
	static const char *const names[] = { "empty", "starting", "ready",
		"draining" };
	struct sample *s;

	open_segment("states");
	set_state(1, states[_i], 1);
	s = take(0);
	ck_assert_str_eq(sample_slot_state(s, 1), names[_i]);
	ck_assert_int_eq(sample_slot(s, 1)->is_used, _i > 0);
	sample_free(&s);
	stats_shm_close(&shm);
}

TEST(stalled_worker)
{
	struct sample *s;

	open_segment("stalled");
	set_state(1, STATS_SLOT_READY, 4711);
	set_state(2, STATS_SLOT_READY, 4712);
	atomic_store(&stats_shm_slot(shm, 2)->stalled, 1);
	s = take(0);
	ck_assert_str_eq(sample_slot_state(s, 1), "ready");
	ck_assert_str_eq(sample_slot_state(s, 2), "stalled");
	sample_free(&s);
	stats_shm_close(&shm);
}

TEST(workers_of_a_dead_server_are_dead)
{
	struct demo_segment demo;
	struct sample *s;

	shm_case_init(&c, "dead");
	demo_segment_start_named(&demo, c.name, 2);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 4711);
	shm = shm_case_attach(&c);
	demo_segment_kill(&demo);
	s = take(0);
	ck_assert(!sample_server(s)->is_alive);
	ck_assert_str_eq(sample_slot_state(s, 1), "dead");
	sample_free(&s);
	stats_shm_close(&shm);
	demo_segment_remove(c.name);
}

TEST(histograms_are_merged_over_slots)
{
	struct stats_shard *shard;
	struct sample *s;
	double rate;
	struct sample *now;

	open_segment("hist");
	shard = &stats_shm_slot(shm, 1)->shards[STATS_SHARD_ECHO];
	stats_hist_add(shard, STATS_ECHO_TIME, 1000, 3);
	shard = &stats_shm_slot(shm, 2)->shards[STATS_SHARD_HANDSHAKE];
	stats_hist_add(shard, STATS_ECHO_TIME, 5000, 1);
	s = take(0);
	ck_assert_uint_eq(hist_count(sample_hist(s, index_of("echo_time"))), 4);
	ck_assert_uint_eq(
	    hist_max(sample_hist(s, index_of("echo_time"))), 5000);
	ck_assert_uint_eq(hist_count(sample_hist(s, index_of("loop_turn"))), 0);
	ck_assert_ptr_null(sample_hist(s, index_of("accepted")));
	stats_hist_add(shard, STATS_ECHO_TIME, 5000, 8);
	now = take(SECOND);
	ck_assert(sample_rate(now, s, index_of("echo_time"), &rate));
	ck_assert_double_eq(rate, 8);
	sample_free(&now);
	sample_free(&s);
	stats_shm_close(&shm);
}

enum {
	ECHOES = 300000
};

static _Noreturn void
count_echoes(void)
{
	struct stats_shard *shard =
	    &stats_shm_slot(shm, 1)->shards[STATS_SHARD_ECHO];

	stats_shm_disown(shm);
	for (int i = 0; i < ECHOES; i++) {
		stats_add(shard, STATS_ACCEPTED, 1);
		stats_add(shard, STATS_ENDED, 1);
		stats_hist_add(shard, STATS_ECHO_TIME, i % 10000, 1);
	}
	_exit(0);
}

/* While a worker counts, no total falls, no rate jumps, open stays in range. */
TEST(samples_of_a_busy_server_agree)
{
	struct sample *before = NULL;
	struct sample *now = NULL;
	uint64_t total = 0;
	double rate;
	pid_t pid;

	open_segment("busy");
	pid = fork();
	if (pid == 0)
		count_echoes();
	for (int64_t t = 0; total < ECHOES; t++) {
		sample_free(&before);
		before = now;
		now = take(t * SECOND);
		total = sample_total(now, index_of("echo_time"));
		ck_assert_uint_le(sample_total(now, index_of("open")), ECHOES);
		if (!sample_rate(now, before, index_of("echo_time"), &rate))
			continue;
		ck_assert_double_eq(rate,
		    (double)(total -
			sample_total(before, index_of("echo_time"))));
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(total, ECHOES);
	sample_free(&before);
	sample_free(&now);
	now = take(0);
	ck_assert_uint_eq(sample_total(now, index_of("open")), 0);
	ck_assert_uint_eq(
	    hist_count(sample_hist(now, index_of("echo_time"))), ECHOES);
	sample_free(&now);
	stats_shm_close(&shm);
}

SUITE("tools/sample/sample")
