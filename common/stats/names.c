/* names: what /dev/shm lists; see the header. */
#include "common/stats/names.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/stats/private.h"

static int
is_segment(const struct dirent *entry)
{
	const size_t length = sizeof STATS_SHM_PREFIX - 1;
	struct errmsg ignored;

	return strncmp(entry->d_name, STATS_SHM_PREFIX, length) == 0 &&
	    stats_shm_check_name(entry->d_name + length, &ignored) == 0;
}

void
stats_shm_each(void (*found)(void *arg, const char *name), void *arg)
{
	struct dirent **entries;
	int count = scandir(STATS_SHM_DIR, &entries, is_segment, alphasort);

	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		found(arg, entries[i]->d_name + sizeof STATS_SHM_PREFIX - 1);
		free(entries[i]);
	}
	free(entries);
}

/* Behind the names there is room for " and N more". */
enum {
	ROOM = STATS_SHM_NAMES - (int)sizeof " and 4294967295 more"
};

struct names {
	char *text;
	size_t used;
	unsigned left_out;
};

static void
append_name(void *arg, const char *name)
{
	struct names *names = arg;
	const char *comma = names->used > 0 ? ", " : "";

	if (names->left_out > 0 ||
	    names->used + strlen(comma) + strlen(name) >= ROOM)
		names->left_out++;
	else
		names->used += (size_t)snprintf(names->text + names->used,
		    ROOM - names->used, "%s%s", comma, name);
}

const char *
stats_shm_names(char text[static STATS_SHM_NAMES])
{
	struct names names = { .text = text };

	(void)snprintf(text, STATS_SHM_NAMES, "none");
	stats_shm_each(append_name, &names);
	if (names.left_out > 0)
		(void)snprintf(text + names.used, STATS_SHM_NAMES - names.used,
		    " and %u more", names.left_out);
	return text;
}
