/* test_memory: which processes count, and what is said of those that cannot. */
#include "server/master/memory.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/stats/stats.h"
#include "server/config.h"
#include "server/master/workers.h"
#include "tests/support/suite.h"

enum {
	NO_PID = 1 << 22 /* one more than the last (proc(5), pid_max) */
};

static const struct config config = { .workers = 1, .max_memory = 1 };
static struct workers workers = { .setup.config = &config, .slot_count = 4 };
static struct stats_shard shard;
static struct memory memory;
static char text[4096];

static uint64_t
watch(void)
{
	(void)memory_watch(&memory, &workers, &shard);
	return atomic_load(&shard.counters[STATS_MEMORY]);
}

/* In the last slot: it was added, or an upgrade has begun meanwhile. */
TEST(all_slots_count)
{
	uint64_t alone = watch();

	ck_assert_uint_gt(alone, 0);
	workers.slots[3].pid = getpid();
	ck_assert_uint_gt(watch(), alone + alone / 2);
	ck_assert(!memory.told);
}

/* One that cannot be seen is none that has gone. */
TEST(hidden_worker_is_told_once)
{
	int fds[2], err = dup(STDERR_FILENO);
	ssize_t n;

	workers.slots[0].pid = workers.slots[1].pid = NO_PID;
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
	(void)dup2(fds[1], STDERR_FILENO);
	(void)watch();
	(void)watch();
	(void)dup2(err, STDERR_FILENO);
	n = read(fds[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	ck_assert_msg(strstr(text,
			  "worker 0: cannot read /proc/4194304/statm: "
			  "No such file or directory: ") != NULL,
	    "%s", text);
	ck_assert_ptr_eq(strchr(text, '\n') + 1, strchr(text, '\0'));
}

SUITE("server/master/memory")
