/*
 * libcheck: what the test library would do when there is a test to report on,
 * for fuzzers that use tests/support without it: a failed check aborts, which
 * is what a fuzzer reports.
 */
#include <check.h>

#include "common/base/assertion.h"

void
_mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

void
_ck_assert_failed(
    const char *file, int line, const char *expr, const char *msg, ...)
{
	(void)msg;
	assertion_failed(file, line, expr);
}
