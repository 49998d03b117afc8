/*
 * show: what the fuzzers of segments and recordings have in common: all that
 * tlsecho-stat can do with a sample.
 *
 * Errors:	abort, which is what a fuzzer reports.
 * Use:
 *	show_all(now, before);
 */
#ifndef TESTS_TOOLS_FUZZ_SHOW_H
#define TESTS_TOOLS_FUZZ_SHOW_H

#include "tools/sample/sample.h"

/* Prints, lists and names everything; before may be NULL. */
void show_all(const struct sample *now, const struct sample *before);

#endif
