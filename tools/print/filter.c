/* filter: fnmatch(3) over names; see the header. */
#include "tools/print/filter.h"

#include <fnmatch.h>
#include <stddef.h>

static bool
is_exclusion(const char *glob)
{
	return glob[0] == '^';
}

bool
filter_matches(const char *glob, const char *name)
{
	return fnmatch(glob + is_exclusion(glob), name, 0) == 0;
}

bool
filter_picks(const char *const *globs, const char *name)
{
	bool is_picked = true;
	bool has_inclusion = false;

	for (; globs != NULL && *globs != NULL; globs++) {
		if (is_exclusion(*globs)) {
			if (filter_matches(*globs, name))
				return false;
			continue;
		}
		if (!has_inclusion)
			is_picked = false;
		has_inclusion = true;
		is_picked |= filter_matches(*globs, name);
	}
	return is_picked;
}

static bool
matches_any(const char *glob, const struct sample *s)
{
	for (unsigned i = 0; i < sample_field_count(s); i++)
		if (filter_matches(glob, sample_field(s, i)->name))
			return true;
	return false;
}

const char *
filter_unmatched(const char *const *globs, const struct sample *sample)
{
	for (; globs != NULL && *globs != NULL; globs++)
		if (!matches_any(*globs, sample))
			return *globs;
	return NULL;
}
