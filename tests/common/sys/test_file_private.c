/* test_file_private: who may read a file with a secret. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	SOMEBODY = 12345
};

static struct errmsg e;

/* What is wrong with a file of this mode; NULL: nothing. */
static const struct {
	mode_t mode;
	const char *of_root, *of_others;
} modes[] = {
	{ 0600, NULL, NULL },
	{ 0400, NULL, NULL },
	{ 0700, NULL, NULL },
	/* Kubernetes, Debian's ssl-cert. */
	{ 0640, NULL, "chmod 600 f" },
	{ 0440, NULL, "chmod 600 f" },
	{ 0660, "chmod 640 f", "chmod 600 f" },
	{ 0650, "chmod 640 f", "chmod 600 f" },
	{ 0644, "chmod 640 f", "chmod 600 f" },
	{ 0604, "chmod 640 f", "chmod 600 f" },
	{ 0602, "chmod 640 f", "chmod 600 f" },
	{ 0601, "chmod 640 f", "chmod 600 f" },
};

static void
expect(const char *words)
{
	ck_assert_int_eq(file_check_private("f", &e), words == NULL ? 0 : -1);
	if (words != NULL)
		ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

/* Of whoever runs the test, and if that is root, also of somebody else. */
TEST_EACH(owner_and_mode, modes)
{
	scratch_enter();
	scratch_write("f", "secret");
	ck_assert_int_eq(chmod("f", modes[_i].mode), 0);
	if (geteuid() == 0) {
		expect(modes[_i].of_root);
		ck_assert_int_eq(chown("f", SOMEBODY, (gid_t)-1), 0);
	}
	expect(modes[_i].of_others);
	scratch_leave();
}

TEST(others_than_regular_files)
{
	scratch_enter();
	ck_assert_int_eq(file_check_private("/dev/null", &e), 0);
	ck_assert_int_eq(file_check_private("none", &e), -1);
	ck_assert_str_eq(e.text, "none: No such file or directory");
	scratch_leave();
}

SUITE("common/sys/file_private")
