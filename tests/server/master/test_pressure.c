/* test_pressure: when memory is short, by what a made-up group says. */
#include "server/master/pressure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "server/config.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static const int64_t second_ns = CLOCK_NS_PER_S;

static struct pressure p;
static struct stats_shard shard;
static char said[4096];
static int64_t wait_ns;

static void
begin(void)
{
	scratch_enter();
	scratch_write("cgroup.procs", "");
	p = (struct pressure)PRESSURE_INIT;
	(void)strcpy(p.dir, scratch_path());
	(void)strcpy(p.file, "FILE");
}

/* What the log says of a turn; whether memory is short. */
static bool
turn(int64_t now_ns)
{
	int fds[2], err = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	(void)dup2(fds[1], STDERR_FILENO);
	wait_ns = pressure_turn(&p, &shard, now_ns);
	(void)dup2(err, STDERR_FILENO);
	n = read(fds[0], said, sizeof said - 1);
	said[n > 0 ? n : 0] = '\0';
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(err);
	return counter_get(&shard.counters[STATS_MEMORY_PRESSURE]) != 0;
}

/* Of 1000 bytes so many are used, of which some are idle pages of files. */
static const struct {
	const char *limit, *used, *stat;
	bool begins, lasts;
} cases[] = {
	{ "memory.max", "949", "", false, true },
	{ "memory.max", "951", "", true, true },
	{ "memory.high", "951", "anon 1\n", true, true },
	{ "memory.max", "951", "inactive_file 2\n", false, true },
	{ "memory.max", "951", "inactive_file 60\n", false, false },
	{ "memory.max", "951", "inactive_file 9999\n", false, false },
	{ "memory.max", "899", "", false, false },
};

TEST_EACH(limit_of_a_group, cases)
{
	begin();
	scratch_write(cases[_i].limit, "1000\n");
	scratch_write("memory.stat", cases[_i].stat);
	scratch_write("memory.current", cases[_i].used);
	ck_assert_int_eq(turn(second_ns), cases[_i].begins);
	ck_assert_int_eq(
	    strstr(said, "memory is short: ") != NULL, cases[_i].begins);
	ck_assert_int_eq(wait_ns, CLOCK_NS_PER_S / 10);
	p.began_ns = second_ns; /* once it has begun, more must be left */
	ck_assert_int_eq(turn(2 * second_ns), cases[_i].lasts);
	ck_assert_int_eq(strstr(said, "no longer short, after 1.00 s") != NULL,
	    !cases[_i].lasts);
	scratch_leave();
}

TEST(no_limit)
{
	begin();
	scratch_write("memory.max", "max\n");
	scratch_write("memory.current", "1000000\n");
	ck_assert(!turn(second_ns));
	ck_assert_int_eq(wait_ns, CLOCK_NS_PER_S);
	scratch_leave();
}

/* From the trigger's first event until four seconds after the last. */
TEST(trigger)
{
	begin();
	pressure_note(&p, POLLPRI, second_ns);
	ck_assert(turn(second_ns));
	ck_assert_ptr_nonnull(strstr(said,
	    "memory is short: tasks wait for it for more than a "
	    "tenth of the time (FILE): new connections are "
	    "refused\n"));
	ck_assert(turn(2 * second_ns));
	ck_assert_str_eq(said, "");
	pressure_note(&p, POLLPRI, 3 * second_ns);
	ck_assert(turn(7 * second_ns - 1));
	ck_assert(!turn(7 * second_ns));
	ck_assert_ptr_nonnull(strstr(said, "no longer short, after 6.00 s"));
	ck_assert(!turn(8 * second_ns));
	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(
	    counter_get(&shard.counters[STATS_MEMORY_SHORTAGES]), 1);
	scratch_leave();
}

/* Of 1000 kB; without the file nothing is known. */
static const struct {
	const char *available;
	bool is_short;
} machines[] = {
	{ "MemAvailable:        101 kB\n", false },
	{ "MemAvailable:        100 kB\n", true },
	{ "", true },
};

TEST_EACH(trigger_of_the_machine, machines)
{
	char text[128];

	begin();
	p.machine = scratch_path();
	(void)snprintf(text, sizeof text,
	    "MemTotal:           1000 kB\nMemFree:  0 kB\n%s",
	    machines[_i].available);
	scratch_write("meminfo", text);
	pressure_note(&p, POLLPRI, second_ns);
	ck_assert_int_eq(turn(second_ns), machines[_i].is_short);
	scratch_leave();
}

/* The group of the trigger has gone, or the option says so. */
TEST(not_watched)
{
	const struct config config = { .memory_pressure = false };
	char text[PRESSURE_TEXT];

	begin();
	p.fd = dup(STDERR_FILENO);
	pressure_note(&p, POLLERR | POLLPRI, second_ns);
	ck_assert_int_eq(pressure_fd(&p), -1);
	ck_assert(!turn(second_ns));
	pressure_open(&p, &config);
	ck_assert_str_eq(pressure_describe(&p, text), "not watched");
	ck_assert_int_eq(pressure_turn(&p, &shard, second_ns), -1);
	scratch_leave();
}

/* What is not watched, and why, is told. */
TEST(no_trigger)
{
	const struct pressure none = {
		.fd = -1, .error = EACCES, .file = "/proc/pressure/memory"
	};
	char text[PRESSURE_TEXT];

	ck_assert_str_eq(pressure_describe(&none, text),
	    "waits are not watched (/proc/pressure/memory: Permission "
	    "denied)");
}

/* Whatever this system has, it can be opened, described and closed. */
TEST(real_one)
{
	const struct config config = { .memory_pressure = true };
	char text[PRESSURE_TEXT];

	pressure_open(&p, &config);
	ck_assert_uint_gt(strlen(pressure_describe(&p, text)), 0);
	if (access("/proc/pressure/memory", W_OK) == 0 && getuid() == 0)
		ck_assert_int_ge(pressure_fd(&p), 0);
	pressure_close(&p);
}

SUITE("server/master/pressure")
