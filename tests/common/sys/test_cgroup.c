/* test_cgroup: where a process is, and what files say, in made-up folders. */
#include "common/sys/cgroup.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static char dir[CGROUP_PATH], text[3 * CGROUP_PATH];

/* Groups "g" and "g/web" below what is mounted, of which the root is "up". */
static void
begin(const char *root, const char *group)
{
	static const char *const dirs[] = { "up", "up/g", "up/g/web",
		"elsewhere" };

	scratch_enter();
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		ck_assert_int_eq(mkdir(dirs[i], 0700), 0);
	scratch_write("elsewhere/cgroup.procs", "");
	scratch_write("up/cgroup.procs", "");
	scratch_write("up/g/cgroup.procs", "");
	scratch_write("up/g/web/cgroup.procs", "");
	(void)snprintf(text, sizeof text,
	    "25 1 0:22 / /sys rw - sysfs sysfs rw\n"
	    "40 30 0:37 %s %s/up rw,relatime shared:9 - cgroup2 cgroup2 rw\n",
	    root, scratch_path());
	scratch_write("mountinfo", text);
	(void)snprintf(text, sizeof text, "4:memory:/other\n0::%s\n", group);
	scratch_write("cgroup", text);
}

static const struct {
	const char *root, *group, *found; /* found: NULL for none */
} places[] = {
	{ "/", "/g/web", "/up/g/web" },
	{ "/", "/", "/up" },
	{ "/docker/7", "/docker/7/g", "/up/g" },
	{ "/docker/7", "/docker/7", "/up" },
	{ "/docker/7", "/docker/77", NULL },
	{ "/docker/7", "/", NULL },
	{ "/", "/../elsewhere", NULL },
	{ "/", "/not/there", NULL },
};

TEST_EACH(found, places)
{
	const char *want = places[_i].found;

	begin(places[_i].root, places[_i].group);
	ck_assert_int_eq(cgroup_find(".", dir), want != NULL);
	if (want != NULL)
		ck_assert_str_eq(dir + strlen(scratch_path()), want);
	scratch_leave();
}

TEST(not_mounted)
{
	begin("/", "/g");
	scratch_write("mountinfo", "25 1 0:22 / /sys rw - sysfs sysfs rw\n");
	ck_assert(!cgroup_find(".", dir));
	scratch_write("cgroup", "4:memory:/other\n");
	ck_assert(!cgroup_find(".", dir));
	ck_assert(!cgroup_find("nowhere", dir));
	scratch_leave();
}

/* Behind those of many layers. */
TEST(long_list_of_mounts)
{
	static char mounts[64 * 1024];
	size_t size = sizeof mounts - sizeof text;

	begin("/", "/g");
	memset(mounts, 'l', size);
	for (size_t i = 4000; i < size; i += 4000)
		mounts[i] = '\n';
	(void)snprintf(mounts + size, sizeof text,
	    "\n40 30 0:37 / %s/up rw - cgroup2 cgroup2 rw\n", scratch_path());
	scratch_write("mountinfo", mounts);
	ck_assert(cgroup_find(".", dir));
	ck_assert_str_eq(dir + strlen(scratch_path()), "/up/g");
	scratch_leave();
}

TEST(up_to_the_top)
{
	begin("/", "/g/web");
	ck_assert(cgroup_find(".", dir));
	ck_assert(cgroup_up(dir));
	ck_assert_str_eq(dir + strlen(scratch_path()), "/up/g");
	ck_assert(cgroup_up(dir));
	ck_assert(!cgroup_up(dir));
	scratch_leave();
}

TEST(numbers)
{
	uint64_t n = 1;

	scratch_enter();
	scratch_write("memory.max", "max\n");
	ck_assert(!cgroup_number(".", "memory.max", &n));
	ck_assert(!cgroup_number(".", "memory.high", &n));
	scratch_write("memory.high", "18446744073709551615\n");
	ck_assert(cgroup_number(".", "memory.high", &n));
	ck_assert_uint_eq(n, UINT64_MAX);
	scratch_write("memory.stat",
	    "anon 5\ninactive_file_x 6\n"
	    "inactive_file 7\n");
	ck_assert(cgroup_entry(".", "memory.stat", "inactive_file", &n));
	ck_assert_uint_eq(n, 7);
	ck_assert(!cgroup_entry(".", "memory.stat", "file", &n));
	scratch_leave();
}

SUITE("common/sys/cgroup")
