/* test_shm_access: who may create and look, and full memory. */
#include <check.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/stats/reader.h"
#include "tests/support/demo_segment.h"
#include "tests/support/in_child.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

enum {
	NOBODY = 65534,
	SKIPPED = 77
};

static struct shm_case c;

static const mode_t modes[] = { 0600, 0640, 0644, 0660, 0664 };
static const mode_t umasks[] = { 0, 022, 077, 0777 };

TEST_LOOP(mode_is_not_the_umasks, 20)
{
	struct stats_shm *shm;
	struct stat st;

	shm_case_init(&c, "mode");
	c.options.mode = modes[(size_t)_i % 5];
	(void)umask(umasks[_i / 5]);
	shm = shm_case_create(&c);
	ck_assert_int_eq(stat(c.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, c.options.mode);
	ck_assert_uint_eq(st.st_gid, getegid());
	stats_shm_close(&shm);
}

TEST(group_is_set)
{
	struct stats_shm *shm;
	struct stat st;

	if (geteuid() != 0) {
		suite_skip("not root: cannot give a file to another group");
		return;
	}
	shm_case_init(&c, "group");
	c.options.group = NOBODY;
	(void)umask(077);
	shm = shm_case_create(&c);
	ck_assert_int_eq(stat(c.path, &st), 0);
	ck_assert_uint_eq(st.st_gid, NOBODY);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	stats_shm_close(&shm);
}

static void
create_for_group_0(void)
{
	c.options.group = 0;
	shm_case_create_fails(&c, "to group 0: Operation not permitted");
}

TEST(foreign_group_is_refused)
{
	shm_case_init(&c, "foreign");
	(void)in_child_as_nobody(create_for_group_0);
	ck_assert(!shm_case_exists(&c));
}

static void
create_over_another(void)
{
	shm_case_create_fails(
	    &c, "belongs to user 0 (root) and cannot be replaced");
}

TEST(stale_segment_of_another_user_stays)
{
	struct demo_segment demo;

	shm_case_init(&c, "another");
	demo_segment_start_named(&demo, c.name, 2);
	demo_segment_kill(&demo);
	(void)in_child_as_nobody(create_over_another);
	ck_assert(shm_case_exists(&c));
	ck_assert_int_eq(chmod(c.path, 0666), 0);
	(void)in_child_as_nobody(create_over_another);
	demo_segment_remove(c.name);
}

static void
look(void)
{
	shm_case_attach_fails(&c,
	    "it has mode 0600, user 0 (root), group 65534 (nogroup); the "
	    "server's --stats-group and --stats-mode");
}

TEST(reader_without_permission_is_told_why)
{
	struct stats_shm *shm;

	shm_case_init(&c, "look");
	if (geteuid() == 0)
		c.options.group = NOBODY;
	c.options.mode = 0600;
	shm = shm_case_create(&c);
	(void)in_child_as_nobody(look);
	stats_shm_close(&shm);
}

static void
look_and_see(void)
{
	struct stats_shm *shm = shm_case_attach(&c);

	ck_assert_int_eq(stats_shm_owner(shm), getppid());
	stats_shm_close(&shm);
}

TEST(reader_of_the_group_may_look)
{
	struct stats_shm *shm;

	shm_case_init(&c, "may-look");
	if (geteuid() == 0)
		c.options.group = NOBODY;
	shm = shm_case_create(&c);
	(void)in_child_as_nobody(look_and_see);
	stats_shm_close(&shm);
}

static void
expect_no_stranger(void)
{
	struct stats_shm *shm = shm_case_attach(&c);
	char user[STATS_SHM_USER];

	ck_assert_str_eq(stats_shm_foreign_user(shm, user), "");
	stats_shm_close(&shm);
}

/* Whoever owns the name may have been there first on purpose. */
TEST(foreign_owner_is_named)
{
	char words[64], user[STATS_SHM_USER];
	struct demo_segment demo;
	struct stats_shm *shm;

	if (geteuid() != 0) {
		suite_skip("not root: cannot give a file to another user");
		return;
	}
	shm_case_init(&c, "owner");
	demo_segment_start_named(&demo, c.name, 2);
	shm = shm_case_attach(&c);
	ck_assert_int_eq(chmod(c.path, 0644), 0);
	(void)in_child_as_nobody(expect_no_stranger);
	ck_assert_str_eq(stats_shm_foreign_user(shm, user), "");
	ck_assert_int_eq(chown(c.path, NOBODY, NOBODY), 0);
	ck_assert_str_eq(stats_shm_foreign_user(shm, user), "65534 (nobody)");
	(void)in_child_as_nobody(expect_no_stranger); /* his own by now */
	(void)snprintf(words, sizeof words,
	    "is in use by pid %d of user 65534 (nobody)", demo.pid);
	shm_case_create_fails(&c, words);
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

TEST(slots_have_limits)
{
	struct stats_shm *shm;

	shm_case_init(&c, "slots");
	c.options.slots = 0;
	shm_case_create_fails(&c, "0 slots, not 1 to 1024");
	c.options.slots = STATS_SEGMENT_SLOTS_MAX + 1;
	shm_case_create_fails(&c, "1025 slots, not 1 to 1024");
	ck_assert(!shm_case_exists(&c));
	c.options.slots = 1;
	shm = shm_case_create(&c);
	stats_shm_close(&shm);
	c.options.slots = STATS_SEGMENT_SLOTS_MAX;
	shm = shm_case_create(&c);
	ck_assert_ptr_nonnull(stats_shm_slot(shm, c.options.slots - 1));
	stats_shm_close(&shm);
}

TEST(file_size_limit_is_reported)
{
	const struct rlimit limit = { .rlim_cur = 65536, .rlim_max = 65536 };

	shm_case_init(&c, "rlimit");
	(void)signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	shm_case_create_fails(&c, " in /dev/shm: File too large");
	ck_assert(!shm_case_exists(&c));
}

/* A /dev/shm of our own, with 64 KiB, that ends with this process. */
static bool
mount_tiny_shm(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tiny", "/dev/shm", "tmpfs", 0, "size=64k") == 0;
}

static void
create_in_tiny_shm(void)
{
	if (!mount_tiny_shm())
		_exit(SKIPPED);
	shm_case_init(&c, "full");
	shm_case_create_fails(&c, " in /dev/shm: No space left on device");
	c.options.rows = 1;
	shm_case_create_fails(&c,
	    "in /dev/shm (less with a smaller "
	    "--connection-table): No space left on device");
	ck_assert(!shm_case_exists(&c));
}

TEST(full_memory_is_reported)
{
	int status = in_child_status(create_in_tiny_shm);

	if (status == SKIPPED)
		suite_skip("cannot mount a small /dev/shm");
	else
		ck_assert_int_eq(status, 0);
}

SUITE("common/stats/shm_access")
