/*
 * suite: the main() of every test program.
 *
 * A test program is one file that mirrors one source file. It runs all its
 * cases, each in a process of its own (libcheck's fork mode), or those of one
 * name when it is called with that name:
 *
 *	build/release/tests/common/test_hist quantile
 *
 * It starts in the root of the tree, which $TREE names from then on, wherever a
 * case goes. Under a debugger, set CK_FORK=no. The time limit of a case is
 * raised threefold, for machines that others use, and in a sanitizer build
 * fifteenfold.
 *
 * Use:
 *	TEST(bucket_limits)
 *	{
 *		ck_assert_uint_eq(...);
 *	}
 *
 *	TEST_EACH(quantiles, rows)	once for each row of the array rows
 *	{
 *		... rows[_i] ...
 *	}
 *
 *	SUITE("common/hist")		the last line: main()
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
/* A time limit that a test waits for, and that others must not reach. */
#define SUITE_LIMIT (SUITE_IS_SANITIZED ? "4s" : "500ms")

/* One case; what is 0 stands for what is usual. */
struct suite_case {
	TTest test;
	int loops;   /* Runs, with _i from 0 to loops - 1; 0: one run. */
	int limit_s; /* How long a run takes at most when idle; 0: 10 s. */
	int signal;  /* By which it must end, as SIGABRT of an ASSERT. */
	struct suite_case *next;
};

/* A case, which joins the suite before main() begins. */
#define TEST(name) TEST_WITH(name, .loops = 1)
/* The same, run with _i from 0 to count - 1. */
#define TEST_LOOP(name, count) TEST_WITH(name, .loops = (int)(count))
/* The same, once for each row of an array. */
#define TEST_EACH(name, array) TEST_LOOP(name, TEST_ROWS(array))
#define TEST_ROWS(array)       (sizeof(array) / sizeof *(array))
/* The same, with members of struct suite_case: TEST_WITH(x, .limit_s = 60). */
#define TEST_WITH(name, ...)                                                  \
	static void name##_fn(int _i);                                        \
	static struct suite_case name = {                                     \
		.test = { #name, name##_fn, __FILE__, __LINE__ }, __VA_ARGS__ \
	};                                                                    \
	__attribute__((constructor)) static void name##_joins(void)           \
	{                                                                     \
		suite_join(&name);                                            \
	}                                                                     \
	static void name##_fn(__attribute__((unused)) int _i)

/* The main() of the program: runs the cases in the order of the file. */
#define SUITE(name) SUITE_BETWEEN(name, NULL, NULL)
/* The same, with each case between set_up() and tear_down(), in its process. */
#define SUITE_BETWEEN(name, set_up, tear_down)                                \
	int main(int argc, char **argv)                                       \
	{                                                                     \
		return suite_run(                                             \
		    suite_joined((name), (set_up), (tear_down)), argc, argv); \
	}

struct suite;

void suite_join(struct suite_case *c);
/* A suite of the cases that have joined. */
struct suite *suite_joined(
    const char *name, void (*set_up)(void), void (*tear_down)(void));

/* The same by hand: a main() that makes a suite and adds its cases. */
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
