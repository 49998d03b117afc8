/*
 * answer: what came of the last reload, in the segment, for those who asked.
 *
 * Reloads are numbered. Whoever asks notes the number that was begun last,
 * sends SIGHUP, and waits for the answer of a later one, which began after that
 * note and so has read what was there at that time. Signals that come faster
 * than they are read are one, and all who sent them get the same answer. Only
 * who may write to the segment, the server's own user, can forge one.
 *
 * Errors:	a segment of an older release has no answers.
 * Use:		in the server
 *	stats_answer_begin(shm);
 *	stats_answer_give(shm, STATS_ANSWER_TAKEN, "read again");
 * and elsewhere
 *	before = stats_answer_begun(shm);
 *	... the signal ...
 *	while (!stats_answer_read(shm, before, &answer)) ...
 */
#ifndef COMMON_STATS_ANSWER_H
#define COMMON_STATS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/stats/shm.h"

enum {
	STATS_ANSWER_WORDS = 64,
	STATS_ANSWER_TEXT = STATS_ANSWER_WORDS * 8
};

enum stats_answer_result {
	STATS_ANSWER_TAKEN,
	STATS_ANSWER_REFUSED,
	STATS_ANSWER_DRAINING
};

/* In the segment. The text is whole while begun and given are equal. */
struct stats_answers {
	_Atomic uint64_t begun, given, result;
	_Atomic uint64_t text[STATS_ANSWER_WORDS];
	uint64_t reserved[5];
};
_Static_assert(sizeof(struct stats_answers) % 64 == 0, "whole cache lines");

struct stats_answer {
	uint64_t result;              /* enum stats_answer_result */
	char text[STATS_ANSWER_TEXT]; /* nothing in it controls a terminal */
};

/* In the creator of a segment with answers; one that has none is left alone. */
void stats_answer_begin(struct stats_shm *shm);
void stats_answer_give(
    struct stats_shm *shm, enum stats_answer_result result, const char *text);

bool stats_answer_is_there(const struct stats_shm *shm);

/* The number of the reload that was begun last; 0: none. */
uint64_t stats_answer_begun(const struct stats_shm *shm);

/* False: there is none yet of a reload with a higher number. */
bool stats_answer_read(
    const struct stats_shm *shm, uint64_t before, struct stats_answer *answer);

/*
 * Who holds the segment's lock, and so is its server, as the kernel says, not
 * the segment; 0: nobody; -1: a process of another pid namespace.
 */
pid_t stats_answer_server(const struct stats_shm *shm);

#endif
