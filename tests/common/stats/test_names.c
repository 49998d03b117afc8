/* test_names: segments that are there, none cut. */
#include "common/stats/names.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	MANY = 16
};

static void
path_of(unsigned i, char path[static 96])
{
	(void)snprintf(path, 96, "/dev/shm/tlsecho.0-names-%d-%02u-%s",
	    (int)getpid(), i, "which-is-long-so-that-few-fit");
}

static void
make(unsigned i)
{
	char path[96];
	FILE *file;

	path_of(i, path);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	(void)fclose(file);
}

/* Each name in the list is whole, and those that are not in it are counted. */
TEST(many)
{
	char text[STATS_SHM_NAMES], path[96], *end;
	unsigned more = 0;

	for (unsigned i = 0; i < MANY; i++)
		make(i);
	(void)stats_shm_names(text);
	for (unsigned i = 0; i < MANY; i++) {
		path_of(i, path);
		(void)unlink(path);
	}
	end = strstr(text, " and ");
	ck_assert_msg(end != NULL, "%s", text);
	ck_assert_int_eq(sscanf(end, " and %u more", &more), 1);
	ck_assert_uint_ge(more, 1);
	ck_assert_int_eq(strcmp(end + strlen(end) - 5, " more"), 0);
	*end = '\0';
	for (char *name = strtok(text, ", "); name != NULL;
	     name = strtok(NULL, ", ")) {
		if (strncmp(name, "0-names-", 8) == 0)
			ck_assert_ptr_nonnull(strstr(name, "-few-fit"));
	}
}

SUITE("common/stats/names")
