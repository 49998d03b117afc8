/* test_refusals: which limits the log tells of, how often, and when. */
#include "server/master/refusals.h"

#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/shm.h"
#include "server/config.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static const struct config config = { .max_connections = 100,
	.max_handshaking = 12,
	.max_unopened = 50,
	.max_memory = 2 << 20 };
static struct refusals refusals;
static struct shm_case c;
static struct stats_shm *shm;
static char text[4096];

static void
add(unsigned slot, enum stats_counter counter, uint64_t n)
{
	stats_add(&stats_shm_slot(shm, slot)->shards[0], counter, n);
}

/* What is logged at this second. */
static const char *
tell(int64_t second)
{
	int fds[2], err = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	(void)dup2(fds[1], STDERR_FILENO);
	refusals_tell(&refusals, &config, shm,
	    second < 0 ? INT64_MAX : second * CLOCK_NS_PER_S);
	(void)dup2(err, STDERR_FILENO);
	n = read(fds[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(err);
	return text;
}

static void
expect(int64_t second, const char *words)
{
	ck_assert_msg(strstr(tell(second), words) != NULL, "%s", text);
	ck_assert_ptr_eq(strchr(text, '\n') + 1, strchr(text, '\0'));
}

static void
setup(const char *label)
{
	shm_case_init(&c, label);
	shm = shm_case_create(&c);
	ck_assert_str_eq(tell(1), "");
}

/* Over all workers; what comes while it is quiet is told afterwards. */
TEST(since_the_last_line)
{
	setup("since");
	add(1, STATS_REFUSED, 1);
	expect(2, ": 1 connection refused: --max-connections 100\n");
	add(1, STATS_REFUSED, 4);
	add(2, STATS_REFUSED, 2);
	ck_assert_str_eq(tell(3), "");
	ck_assert_str_eq(tell(11), "");
	expect(12, ": 6 connections refused: --max-connections 100\n");
	ck_assert_str_eq(tell(30), "");
	add(1, STATS_REFUSED, 1);
	expect(31, ": 1 connection refused");
	add(2, STATS_REFUSED, 2);
	expect(-1, ": 2 connections refused");
	stats_shm_close(&shm);
}

/* A program that took over says nothing of what the former one has said. */
TEST(told_by_another_program)
{
	uint64_t told[REFUSALS_LIMITS];

	setup("another");
	add(1, STATS_REFUSED, 5);
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		told[i] = UINT64_MAX; /* it does not say it */
	refusals_begin(&refusals, shm, told);
	ck_assert_str_eq(tell(2), "");
	add(1, STATS_REFUSED, 1);
	expect(3, ": 1 connection refused: --max-connections 100\n");
	/* What it has counted since its last line. */
	told[REFUSALS_CONNECTIONS] = 2;
	refusals_begin(&refusals, shm, told);
	expect(4, ": 4 connections refused: --max-connections 100\n");
	stats_shm_close(&shm);
}

/* Each for itself. */
TEST(limits_are_told_apart)
{
	setup("apart");
	add(1, STATS_REFUSED_NO_DESCRIPTOR, 3);
	add(1, STATS_REFUSED, 3);
	expect(2, ": 3 connections refused: no descriptors left");
	add(2, STATS_HANDSHAKING_PAUSES, 1);
	expect(3, ": accepting paused 1 time: 50 connections of a worker");
	add(1, STATS_HANDSHAKES_QUEUED, 3);
	expect(3, ": 3 handshakes waited: --max-handshaking 12\n");
	add(2, STATS_REFUSED, 7);
	expect(4, ": 7 connections refused: --max-connections 100\n");
	/* Between the one counter and the other. */
	add(2, STATS_REFUSED_NO_DESCRIPTOR, 1);
	expect(20, ": 1 connection refused: no descriptors left");
	stats_shm_close(&shm);
}

static const struct {
	enum stats_counter counter;
	const char *words;
} options[] = {
	{ STATS_REFUSED_MEMORY,
	    "--max-memory 2.00 MiB; the processes have 5.00 MiB now, with 7 "
	    "open\n" },
	{ STATS_REFUSED_PRESSURE, "memory is short around the server\n" },
	{ STATS_REFUSED_ADDRESS, "--max-connections-per-address\n" },
	{ STATS_REFUSED_NETWORK, "--max-connections-per-network\n" },
	{ STATS_REFUSED_ADDRESS_RATE, "--handshake-rate-per-address\n" },
	{ STATS_REFUSED_RATE, "--handshake-rate\n" },
};

/* Each is told by its own option, and none as one of --max-connections. */
TEST_EACH(limits_on_clients, options)
{
	setup("clients");
	add(1, options[_i].counter, 2);
	add(0, STATS_MEMORY, 5 << 20);
	add(2, STATS_ACCEPTED, 9);
	add(2, STATS_ENDED, 2);
	add(1, STATS_REFUSED, 2);
	expect(2, ": 2 connections refused: ");
	ck_assert_ptr_nonnull(strstr(text, options[_i].words));
	stats_shm_close(&shm);
}

SUITE("server/master/refusals")
