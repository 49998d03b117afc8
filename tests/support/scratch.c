/* scratch: an empty directory to work in; see the header. */
#include "tests/support/scratch.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPEN_MAX_DIRS = 8
};

static char path[512];

void
scratch_enter(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(
	    path, sizeof path, "%s/scratch.XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
}

const char *
scratch_path(void)
{
	return path;
}

static int
on_entry(const char *entry, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(entry);
}

void
scratch_leave(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(
	    nftw(path, on_entry, OPEN_MAX_DIRS, FTW_DEPTH | FTW_PHYS), 0);
}

int
scratch_entries(const char *dir)
{
	DIR *d = opendir(dir);
	int count = 0;

	ck_assert_msg(d != NULL, "%s", dir);
	while (readdir(d) != NULL)
		count++;
	(void)closedir(d);
	return count - 2;
}

mode_t
scratch_mode(const char *file)
{
	struct stat st;

	ck_assert_int_eq(stat(file, &st), 0);
	return st.st_mode & 07777;
}

void
scratch_write(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	ck_assert_int_eq(fclose(out), 0);
}
