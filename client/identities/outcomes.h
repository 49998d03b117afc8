/*
 * outcomes: how often each identity came out in which way, counted by all
 * workers in memory that they share, and what was expected.
 *
 * A row for each outcome: memory that is never touched, because nothing came
 * out so, costs nothing. Two workers may have the same identity, so counts are
 * atomic.
 *
 * Owns:	the mapping, which children inherit.
 * Errors:	NULL and a line.
 * Use:
 *	outcomes = outcomes_map(identities.count, &e);
 *	if (outcomes_count(outcomes, identity, OUTCOME_ACCEPTED)) ...
 *	outcomes_unmap(&outcomes);
 */
#ifndef CLIENT_IDENTITIES_OUTCOMES_H
#define CLIENT_IDENTITIES_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct outcomes;

struct outcomes *outcomes_map(unsigned identities, struct errmsg *e);

/* Nothing has come out so far; what is expected stays. No child counts. */
void outcomes_reset(struct outcomes *outcomes);

/* NULL is fine. */
void outcomes_unmap(struct outcomes **outcomes);

/* From now on something is expected: what of each identity is up to the caller,
 * who fills the array before the first is counted. */
uint16_t *outcomes_expect(struct outcomes *outcomes);

/* True if this was expected; false if not, or if nothing was. Any worker. */
bool outcomes_count(
    struct outcomes *outcomes, unsigned identity, unsigned outcome);

/* Of all identities; and how many of them came out so at least once. */
uint64_t outcomes_total(const struct outcomes *outcomes, unsigned outcome);
unsigned outcomes_identities(const struct outcomes *outcomes, unsigned outcome);

struct outcomes_sum {
	uint64_t as_expected, differed; /* 0 and 0: nothing was expected */
	uint64_t refused_otherwise;     /* of differed: by an alert */
	unsigned identities, tried;     /* and those that came out in any way */
};

/* When all workers are gone, as is what follows. */
void outcomes_sum(const struct outcomes *outcomes, struct outcomes_sum *sum);

/* A way in which an identity came out that was not expected. */
struct outcomes_row {
	unsigned identity, expected, got;
	uint64_t count;
};

/* Calls take for each row, by identity. */
void outcomes_each_differing(const struct outcomes *outcomes,
    void (*take)(void *owner, const struct outcomes_row *row), void *owner);

#endif
