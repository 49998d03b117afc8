/* suite: libcheck, one case a test, selected by name; see the header. */
#include "tests/support/suite.h"

#include <check.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CASES_MAX = 128,
	LIMIT_S = 10,
	MESSAGE_MAX = BUFSIZ + 1024 /* libcheck cuts its own at BUFSIZ */
};

struct suite {
	Suite *suite;
	const char *names[CASES_MAX];
	int count;
};

/*
 * LeakSanitizer looks at all memory at the end of each case, and takes longer
 * than most cases. With LEAKS=programs it does so in the programs they start.
 */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	const char *leaks = getenv("LEAKS");

	return leaks != NULL && strcmp(leaks, "programs") == 0;
}

struct suite *
suite_new(const char *name)
{
	struct suite *s = calloc(1, sizeof *s);
	char tree[PATH_MAX];

	if (s == NULL || getcwd(tree, sizeof tree) == NULL)
		abort();
	(void)setenv("TREE", tree, 1);
	check_set_max_msg_size(MESSAGE_MAX);
	s->suite = suite_create(name);
	return s;
}

static TCase *
add_case(struct suite *s, const char *name, int limit_s)
{
	TCase *tcase = tcase_create(name);

	if (s->count == CASES_MAX)
		abort();
	s->names[s->count++] = name;
	/* On machines that others use, too. */
	tcase_set_timeout(tcase, limit_s * (SUITE_IS_SANITIZED ? 15 : 3));
	suite_add_tcase(s->suite, tcase);
	return tcase;
}

void
suite_add(struct suite *s, const char *name, const TTest *test, int limit_s,
    int loops)
{
	TCase *tcase = add_case(s, name, limit_s > 0 ? limit_s : LIMIT_S);

	if (loops == 1)
		tcase_add_test(tcase, test);
	else
		tcase_add_loop_test(tcase, test, 0, loops);
}

void
suite_add_signal(
    struct suite *s, const char *name, const TTest *test, int signal)
{
	tcase_add_test_raise_signal(add_case(s, name, LIMIT_S), test, signal);
}

/* The cases that have joined, by line. */
static struct suite_case *joined;

void
suite_join(struct suite_case *c)
{
	struct suite_case **at = &joined;

	while (*at != NULL && (*at)->test.line < c->test.line)
		at = &(*at)->next;
	c->next = *at;
	*at = c;
}

struct suite *
suite_joined(const char *name, void (*set_up)(void), void (*tear_down)(void))
{
	struct suite *s = suite_new(name);

	for (const struct suite_case *c = joined; c != NULL; c = c->next) {
		TCase *tcase = add_case(
		    s, c->test.name, c->limit_s > 0 ? c->limit_s : LIMIT_S);

		tcase_add_checked_fixture(tcase, set_up, tear_down);
		if (c->signal != 0)
			tcase_add_test_raise_signal(tcase, &c->test, c->signal);
		else
			tcase_add_loop_test(
			    tcase, &c->test, 0, c->loops > 0 ? c->loops : 1);
	}
	return s;
}

static bool
has_case(const struct suite *s, const char *name)
{
	for (int i = 0; i < s->count; i++)
		if (strcmp(s->names[i], name) == 0)
			return true;
	return false;
}

int
suite_run(struct suite *s, int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	SRunner *runner;
	int failed;

	if (only != NULL && !has_case(s, only)) {
		fprintf(
		    stderr, "%s: no case '%s'; there are:\n", argv[0], only);
		for (int i = 0; i < s->count; i++)
			fprintf(stderr, "  %s\n", s->names[i]);
		return 2;
	}
	runner = srunner_create(s->suite);
	srunner_run(runner, NULL, only, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	free(s);
	return failed == 0 ? 0 : 1;
}

void
suite_skip(const char *why)
{
	printf("skipped: %s\n", why);
	(void)fflush(stdout);
}
