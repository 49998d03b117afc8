/*
 * shm_case: what the tests of the segment have in common: a name that is theirs
 * alone, options, and the two calls that must work or must fail with words.
 *
 * Owns:	nothing: what shm_case_create and shm_case_attach return is
 *		for stats_shm_close.
 * Errors:	all fail the test.
 * Use:
 *	shm_case_init(&c, "slots");
 *	c.options.slots = 0;
 *	shm_case_create_fails(&c, "0 slots");
 */
#ifndef TESTS_SUPPORT_SHM_CASE_H
#define TESTS_SUPPORT_SHM_CASE_H

#include <stdbool.h>

#include "common/stats/reader.h"

struct shm_case {
	char name[STATS_SHM_NAME];
	char path[STATS_SHM_NAME + 32]; /* "/dev/shm/tlsecho.NAME" */
	struct stats_shm_options options;
};

/* Three slots, mode 0640. The struct must stay where it is. */
void shm_case_init(struct shm_case *c, const char *label);

struct stats_shm *shm_case_create(const struct shm_case *c);
struct stats_shm *shm_case_attach(const struct shm_case *c);

/* The message must hold these words. */
void shm_case_create_fails(const struct shm_case *c, const char *words);
void shm_case_attach_fails(const struct shm_case *c, const char *words);

/* Is the name there? */
bool shm_case_exists(const struct shm_case *c);

#endif
