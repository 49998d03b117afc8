/*
 * names: the segments that are there, also those of dead servers, from A.
 *
 * Owns:	nothing.
 * Errors:	none: a folder that cannot be read has no segments.
 */
#ifndef COMMON_STATS_NAMES_H
#define COMMON_STATS_NAMES_H

enum {
	STATS_SHM_NAMES = 288
};

/* Calls found for each of them. */
void stats_shm_each(void (*found)(void *arg, const char *name), void *arg);

/*
 * "a, b, c", or "none". Names are whole; those that do not fit are counted:
 * "a, b and 12 more". Returns text.
 */
const char *stats_shm_names(char text[static STATS_SHM_NAMES]);

#endif
