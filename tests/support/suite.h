/*
 * suite: the main() of every test program.
 *
 * A test program is one file that mirrors one source file. It runs all its
 * cases, each in a process of its own (libcheck's fork mode), or those of one
 * name when it is called with that name:
 *
 *	build/release/tests/common/test_hist quantile
 *
 * Under a debugger, set CK_FORK=no. In a sanitizer build the time limit of a
 * case is raised fivefold.
 *
 * Use:
 *	int main(int argc, char **argv)
 *	{
 *		struct suite *s = suite_new("common/hist");
 *		SUITE_ADD(s, bucket_limits);
 *		return suite_run(s, argc, argv);
 *	}
 */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <check.h>
#include <stdint.h>

/* gcc defines macros, clang has features. */
#if defined(__has_feature)
#	if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#		define SUITE_IS_SANITIZED 1
#	endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#	define SUITE_IS_SANITIZED 1
#endif
#ifndef SUITE_IS_SANITIZED
#	define SUITE_IS_SANITIZED 0
#endif

struct suite;

struct suite *suite_new(const char *name);

/* Adds a START_TEST function as a case that bears its name. */
#define SUITE_ADD(suite, test) suite_add((suite), #test, (test), 0, 1)
/* The same, called with _i from 0 to count - 1. */
#define SUITE_ADD_LOOP(suite, test, count) \
	suite_add((suite), #test, (test), 0, (int)(count))
/* The same as SUITE_ADD for a case that may take longer than 10 s. */
#define SUITE_ADD_SLOW(suite, test, limit_s) \
	suite_add((suite), #test, (test), (limit_s), 1)

/* A case that must end by this signal, such as SIGABRT of an ASSERT. */
#define SUITE_ADD_SIGNAL(suite, test, signal) \
	suite_add_signal((suite), #test, (test), (signal))

void suite_add(struct suite *s, const char *name, const TTest *test,
    int limit_s, int loops);
void suite_add_signal(
    struct suite *s, const char *name, const TTest *test, int signal);

/* Runs and frees the suite; the exit status for main(). */
int suite_run(struct suite *s, int argc, char **argv);

/* Reports the case as skipped; the case then returns, and counts as passed. */
void suite_skip(const char *why);

#endif
