/*
 * recording_case: samples of a made-up server, and recordings of them.
 *
 * Errors:	all fail the test.
 * Use:
 *	recording_case_write("a.rec", 0, 10);
 *	... replays it ...
 *	s = recording_case_sample(3);
 *	recording_case_expect_equal(replayed, s);
 */
#ifndef TESTS_TOOLS_RECORD_RECORDING_CASE_H
#define TESTS_TOOLS_RECORD_RECORDING_CASE_H

#include <sys/types.h>

#include "tools/sample/sample.h"

enum {
	/* From this sample on, it is another server, and so on. */
	RECORDING_CASE_SERVER = 1000,
	RECORDING_CASE_CONNS = 6,
};

/* The n-th one, a second after the one before it; it is always the same. */
struct sample *recording_case_sample(unsigned n);
int64_t recording_case_wall_ns(unsigned n);

/* Appends samples first to end - 1 to a recording. */
void recording_case_write(const char *path, unsigned first, unsigned end);
off_t recording_case_size(const char *path);

/* Do both say the same, in every value? Ages to AGES_SLACK_NS. */
void recording_case_expect_equal(
    const struct sample *a, const struct sample *b);

#endif
