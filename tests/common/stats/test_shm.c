/* test_shm: how a segment begins, is locked, and ends. */
#include "common/stats/reader.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/demo_segment.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;

static const struct {
	const char *name;
	bool is_valid;
} names[] = {
	{ "", false },
	{ "a", true },
	{ "Default_1.x-y", true },
	{ ".hidden", false },
	{ "..", false },
	{ "a/b", false },
	{ "/", false },
	{ "a b", false },
	{ "\xc3\xa4", false },
	{ "a\n", false },
	{ "123456789012345678901234567890123456789012345678901234567890123",
	    true },
	{ "1234567890123456789012345678901234567890123456789012345678901234",
	    false },
};

TEST_EACH(names_are_checked, names)
{
	struct stats_shm *shm;
	bool is_valid = names[_i].is_valid;
	struct errmsg e;

	ck_assert_int_eq(
	    stats_shm_check_name(names[_i].name, &e), is_valid ? 0 : -1);
	if (is_valid)
		return;
	shm_case_init(&c, "names");
	c.options.name = names[_i].name;
	shm_case_create_fails(&c, "name");
	ck_assert_int_eq(stats_shm_attach(&shm, names[_i].name, &e), -1);
	ck_assert_ptr_null(shm);
}

TEST(creator_describes_itself)
{
	const struct stats_header *h;
	struct stats_shm *shm;

	shm_case_init(&c, "describe");
	shm = shm_case_create(&c);
	h = stats_shm_header(shm);
	ck_assert_int_eq(h->pid, getpid());
	ck_assert_str_eq(h->program, "test 1.0");
	ck_assert_uint_eq(h->slot_count, 3);
	ck_assert_uint_eq(h->field_count, STATS_FIELDS);
	ck_assert_int_eq(stats_shm_owner(shm), getpid());
	ck_assert_uint_eq(
	    (uintptr_t)stats_shm_slot(shm, 2) % STATS_CACHE_LINE, 0);
	stats_add(&stats_shm_slot(shm, 2)->shards[0], STATS_ACCEPTED, 4);
	ck_assert_uint_eq(stats_shm_value(shm, 2, 0), 4);
	stats_shm_close(&shm);
	ck_assert_ptr_null(shm);
	ck_assert(!shm_case_exists(&c));
	stats_shm_close(&shm);
}

TEST(long_program_is_cut)
{
	struct stats_shm *shm;

	shm_case_init(&c, "program");
	c.options.program = "a-program-whose-name-and-version-are-long 1.0";
	shm = shm_case_create(&c);
	ck_assert_uint_eq(
	    strlen(stats_shm_header(shm)->program), STATS_SEGMENT_PROGRAM - 1);
	stats_shm_close(&shm);
}

TEST(second_creator_is_refused)
{
	struct demo_segment demo;
	char words[32];

	shm_case_init(&c, "second");
	demo_segment_start_named(&demo, c.name, 2);
	(void)snprintf(words, sizeof words, "in use by pid %d", demo.pid);
	shm_case_create_fails(&c, words);
	ck_assert(shm_case_exists(&c));
	demo_segment_stop(&demo);
	ck_assert(!shm_case_exists(&c));
}

TEST(stale_segment_is_replaced)
{
	struct stats_shm *old;
	struct stats_shm *next;
	struct demo_segment demo;

	shm_case_init(&c, "stale");
	demo_segment_start_named(&demo, c.name, 2);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 9);
	old = shm_case_attach(&c);
	ck_assert_int_eq(stats_shm_owner(old), demo.pid);
	demo_segment_kill(&demo);
	ck_assert_int_eq(stats_shm_owner(old), 0);
	ck_assert_uint_eq(stats_shm_value(old, 1, 0), 9);

	next = shm_case_create(&c);
	ck_assert_uint_eq(stats_shm_value(next, 1, 0), 0);
	ck_assert_int_eq(stats_shm_owner(old), 0);
	ck_assert_uint_eq(stats_shm_value(old, 1, 0), 9);
	stats_shm_close(&old);
	stats_shm_close(&next);
	ck_assert(!shm_case_exists(&c));
}

/* The parent ends first: its close removes what is another's by then. */
TEST(close_spares_the_name_of_another)
{
	struct demo_segment demo;
	struct stats_shm *shm;

	shm_case_init(&c, "spare");
	shm = shm_case_create(&c);
	ck_assert_int_eq(unlink(c.path), 0);
	demo_segment_start_named(&demo, c.name, 2);
	stats_shm_close(&shm);
	ck_assert(shm_case_exists(&c));
	demo_segment_stop(&demo);
}

TEST(child_goes_on_and_keeps_the_name)
{
	struct stats_shm *shm;
	pid_t pid;

	shm_case_init(&c, "child");
	shm = shm_case_create(&c);
	pid = fork();
	if (pid == 0) {
		stats_shm_disown(shm);
		stats_add(
		    &stats_shm_slot(shm, 1)->shards[1], STATS_ACCEPTED, 6);
		stats_shm_close(&shm);
		_exit(0);
	}
	ck_assert_int_eq(in_child_wait(pid), 0);
	ck_assert(shm_case_exists(&c));
	ck_assert_uint_eq(stats_shm_value(shm, 1, 0), 6);
	pid = fork(); /* the lock outlived the child's close */
	if (pid == 0) {
		struct stats_shm *seen = shm_case_attach(&c);

		_exit(stats_shm_owner(seen) == getppid() ? 0 : 1);
	}
	ck_assert_int_eq(in_child_wait(pid), 0);
	stats_shm_close(&shm);
}

/* NAME.draining, or what else follows the name. */
static bool
exists_with(const char *suffix)
{
	char path[sizeof c.path + 16];

	(void)snprintf(path, sizeof path, "%s%s", c.path, suffix);
	return access(path, F_OK) == 0;
}

static void
step_aside(struct stats_shm *shm, const char *name)
{
	struct errmsg e;

	ck_assert_msg(stats_shm_step_aside(shm, &e) == 0, "%s", e.text);
	ck_assert_str_eq(stats_shm_name(shm), name);
}

/* The name is free for the next, and each that drains can be read. */
TEST(steps_aside_for_the_next)
{
	struct demo_segment first, third;
	struct stats_shm *second, *seen;
	char name[STATS_SHM_NAME];
	struct errmsg e;

	shm_case_init(&c, "aside");
	demo_segment_start_named(&first, c.name, 2);
	demo_segment_add(&first, 1, STATS_ACCEPTED, 9);
	demo_segment_step_aside(&first);
	ck_assert(!shm_case_exists(&c) && exists_with(".draining"));
	second = shm_case_create(&c);
	(void)snprintf(name, sizeof name, "%.40s.draining.2", c.name);
	step_aside(second, name);
	demo_segment_start_named(&third, c.name, 2);

	name[strlen(name) - 2] = '\0';
	ck_assert_int_eq(stats_shm_attach(&seen, name, &e), 0);
	ck_assert_int_eq(stats_shm_owner(seen), first.pid);
	ck_assert_uint_eq(stats_shm_value(seen, 1, 0), 9);
	stats_shm_close(&seen);
	demo_segment_stop(&first);
	ck_assert(!exists_with(".draining") && exists_with(".draining.2"));
	stats_shm_close(&second);
	ck_assert(!exists_with(".draining.2") && shm_case_exists(&c));
	demo_segment_stop(&third);
}

/* What a dead server left is no obstacle, nor is a long name. */
TEST(steps_aside_over_a_dead_one)
{
	char name[STATS_SHM_NAME], longest[STATS_SHM_NAME];
	struct demo_segment dead;
	struct stats_shm *shm;

	shm_case_init(&c, "over-dead");
	demo_segment_start_named(&dead, c.name, 2);
	demo_segment_step_aside(&dead);
	demo_segment_kill(&dead);
	ck_assert(exists_with(".draining"));
	(void)snprintf(name, sizeof name, "%.40s.draining", c.name);
	shm = shm_case_create(&c);
	step_aside(shm, name);
	stats_shm_close(&shm);
	ck_assert(!exists_with(".draining"));

	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	(void)memcpy(longest, c.name, strlen(c.name));
	c.options.name = longest;
	shm = shm_case_create(&c);
	(void)snprintf(name, sizeof name, "%.51s.draining", longest);
	step_aside(shm, name);
	stats_shm_close(&shm);
}

/* Somebody has removed it, and the name may be another's. */
TEST(steps_aside_only_with_its_own_name)
{
	struct demo_segment other;
	struct stats_shm *shm;
	struct errmsg e;

	shm_case_init(&c, "aside-gone");
	shm = shm_case_create(&c);
	ck_assert_int_eq(unlink(c.path), 0);
	demo_segment_start_named(&other, c.name, 2);
	ck_assert_int_eq(stats_shm_step_aside(shm, &e), -1);
	ck_assert(shm_case_exists(&c));
	stats_shm_close(&shm);
	demo_segment_stop(&other);
}

/* Tries to create when go is closed, and if it can, holds until held is. */
static _Noreturn void
contend(const int go[2], const int held[2], int result)
{
	struct stats_shm *shm;
	bool is_winner;
	struct errmsg e;
	char byte;

	(void)close(go[1]);
	(void)close(held[1]);
	if (read(go[0], &byte, 1) != 0)
		_exit(1);
	is_winner = stats_shm_create(&shm, &c.options, &e) == 0;
	byte = is_winner ? 'w' : strstr(e.text, "in use by pid") ? 'l' : 'e';
	if (byte == 'e')
		fprintf(stderr, "%s\n", e.text);
	if (write(result, &byte, 1) != 1)
		_exit(1);
	if (is_winner && read(held[0], &byte, 1) != 0)
		_exit(1);
	/* Every second winner leaves a stale segment to the next round. */
	if (is_winner && getpid() % 2 == 0)
		(void)kill(getpid(), SIGKILL);
	stats_shm_close(&shm);
	_exit(0);
}

static void
one_round(int contenders)
{
	int go[2];
	int held[2];
	int result[2];
	int winners = 0;
	char byte;

	ck_assert(!pipe(go) && !pipe(held) && !pipe(result));
	for (int i = 0; i < contenders; i++)
		if (fork() == 0)
			contend(go, held, result[1]);
	(void)close(go[1]);
	for (int i = 0; i < contenders; i++) {
		ck_assert_int_eq(read(result[0], &byte, 1), 1);
		ck_assert_int_ne(byte, 'e');
		winners += byte == 'w';
	}
	ck_assert_int_eq(winners, 1);
	(void)close(held[1]);
	while (wait(NULL) > 0)
		continue;
	(void)close(go[0]);
	(void)close(held[0]);
	(void)close(result[0]);
	(void)close(result[1]);
}

TEST_WITH(one_of_many_creators_wins, .limit_s = 30)
{
	shm_case_init(&c, "race");
	for (int i = 0; i < 500; i++)
		one_round(6);
	demo_segment_remove(c.name);
}

SUITE("common/stats/shm")
