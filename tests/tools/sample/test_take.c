/* Tests of tools/sample/take and live: what is read of segment and kernel. */
#include "tools/sample/take.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"
#include "tools/sample/source.h"

static struct demo_segment demo;
static struct shm_case c;

static void
start(const char *label)
{
	shm_case_init(&c, label);
	demo_segment_start_named(&demo, c.name, 2);
}

TEST(segment_cut_short_is_an_error)
{
	struct stats_shm *shm;
	struct errmsg e;

	start("cut");
	shm = shm_case_attach(&c);
	ck_assert_int_eq(truncate(c.path, 0), 0);
	ck_assert_ptr_null(sample_take(shm, 1, 1, &e));
	ck_assert_ptr_nonnull(
	    strstr(e.text, "was cut short while it was read"));
	ck_assert_ptr_nonnull(strstr(e.text, c.name));
	stats_shm_close(&shm);
	demo_segment_kill(&demo);
	demo_segment_remove(c.name);
}

static const struct sample_slot *
worker_of(struct sample **s, struct stats_shm *shm)
{
	struct errmsg e;

	sample_free(s);
	*s = sample_take(shm, 1, 1, &e);
	ck_assert_ptr_nonnull(*s);
	return sample_slot(*s, 1);
}

/* A child stands in for the worker. */
TEST(kernel_knows_the_worker)
{
	pid_t child = fork();
	struct sample *s = NULL;
	struct stats_shm *shm;
	int status;

	if (child == 0) {
		(void)raise(SIGSTOP);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
	start("kernel");
	demo_segment_state(&demo, 1, STATS_SLOT_READY, child);
	shm = shm_case_attach(&c);
	ck_assert(worker_of(&s, shm)->is_stopped);
	ck_assert_str_eq(sample_slot_state(s, 1), "stopped");
	ck_assert_int_ge(sample_slot(s, 1)->cpu_ns, 0);
	ck_assert_int_ge(sample_slot(s, 1)->age_ns, 0);
	ck_assert_int_lt(sample_slot(s, 1)->age_ns, 60 * CLOCK_NS_PER_S);
	ck_assert_int_gt(sample_slot(s, 1)->memory_bytes, 0);
	ck_assert_int_eq(sample_slot(s, 0)->cpu_ns, -1); /* has no pid */
	ck_assert_int_eq(kill(child, SIGCONT), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_str_eq(
	    (worker_of(&s, shm), sample_slot_state(s, 1)), "ready");
	ck_assert_int_eq(sample_slot(s, 1)->cpu_ns, -1); /* has gone */
	sample_free(&s);
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

TEST(rows_and_offenders_are_copied)
{
	const struct stats_row row = { .state = STATS_ROW_OPEN,
		.id = 7,
		.bytes_received = 70,
		.name = "CN=alice" };
	const struct stats_offender old = { .wall_ns = 1, .cause = "expired" };
	const struct stats_offender new = { .wall_ns = 2, .cause = "weak" };
	const struct stats_offender *offenders;
	const struct sample_conn *conns;
	struct sample *s = NULL;
	struct stats_shm *shm;
	size_t count;

	start("rows");
	demo_segment_row(&demo, 1, 0, &row);
	demo_segment_offender(&demo, 1, 0, &new);
	demo_segment_offender(&demo, 1, 1, &old);
	shm = shm_case_attach(&c);
	(void)worker_of(&s, shm);
	conns = sample_conns(s, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(conns[0].slot, 1);
	ck_assert_uint_eq(conns[0].row.id, 7);
	ck_assert_uint_eq(conns[0].row.bytes_received, 70);
	ck_assert_str_eq(conns[0].row.name, "CN=alice");
	offenders = sample_offenders(s, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(offenders[0].cause, "expired");
	ck_assert_str_eq(offenders[1].cause, "weak");
	sample_free(&s);
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

TEST(source_follows_the_name)
{
	struct sample *s = NULL;
	struct source *source;
	pid_t first;
	struct errmsg e;

	shm_case_init(&c, "follow");
	ck_assert_ptr_null(source_open_live(c.name, false, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "no segment"));
	ck_assert_ptr_null(source_open_live("a/b", true, &e));
	source = source_open_live(c.name, true, &e);
	ck_assert_ptr_nonnull(source);
	ck_assert(!source_is_recorded(source));
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_WAITING);
	ck_assert_ptr_null(s);
	start("follow");
	first = demo.pid;
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_SAMPLE);
	ck_assert(sample_server(s)->is_alive);
	ck_assert_str_eq(sample_server(s)->name, c.name);
	sample_free(&s);
	demo_segment_kill(&demo);
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_SAMPLE);
	ck_assert(!sample_server(s)->is_alive);
	sample_free(&s);
	start("follow");
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_SAMPLE);
	ck_assert(sample_server(s)->is_alive);
	ck_assert_int_ne(sample_server(s)->pid, first);
	sample_free(&s);
	source_close(&source);
	demo_segment_stop(&demo);
}

static void
expect_pid(struct source *source, pid_t pid)
{
	struct sample *s;
	struct errmsg e;

	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_SAMPLE);
	ck_assert(sample_server(s)->is_alive);
	ck_assert_int_eq(sample_server(s)->pid, pid);
	sample_free(&s);
}

TEST(a_draining_server_is_left_for_the_next)
{
	struct demo_segment next;
	struct source *source;
	struct errmsg e;

	start("drain");
	source = source_open_live(c.name, false, &e);
	ck_assert_ptr_nonnull(source);
	demo_segment_step_aside(&demo);
	expect_pid(source, demo.pid); /* there is no other */
	demo_segment_start_named(&next, c.name, 2);
	expect_pid(source, next.pid);
	expect_pid(source, next.pid);
	demo_segment_stop(&demo);
	expect_pid(source, next.pid);
	source_close(&source);
	demo_segment_stop(&next);
}

SUITE("tools/sample/take")
