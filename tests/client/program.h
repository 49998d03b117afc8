/*
 * program: tlsecho-client as a user runs it, for the tests of client/.
 *
 * Use:
 *	program_start(&s, "-q -n 10", "127.0.0.1:4433", NULL);
 *	ck_assert_int_eq(spawn_wait(&s), 0);
 *	program_expect(&s, "Errors: 0\n");
 */
#ifndef TESTS_CLIENT_PROGRAM_H
#define TESTS_CLIENT_PROGRAM_H

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fixture.h"
#include "tests/support/spawn.h"

enum {
	PROGRAM_WORDS = 48
};

/*
 * Options are parted by blanks; the fixture's root and, unless the options have
 * a --cert or a --pkcs12, its identity alice are added.
 */
static inline void
program_start(struct spawn *s, const char *options, const char *address,
    const struct spawn_options *how)
{
	static char words[1024];
	const char *argv[PROGRAM_WORDS] = { "tlsecho-client", "--ca",
		fixture_path("ca/ca.pem") };
	int argc = 3;
	char *rest = words;
	char *word;

	ck_assert_uint_lt(strlen(options), sizeof words);
	(void)strcpy(words, options);
	if (strstr(options, "--cert") == NULL &&
	    strstr(options, "--pkcs12") == NULL) {
		argv[argc++] = "--cert";
		argv[argc++] = fixture_path("ca/alice.pem");
		argv[argc++] = "--key";
		argv[argc++] = fixture_path("ca/alice.key");
	}
	while ((word = strsep(&rest, " ")) != NULL) {
		ck_assert_int_lt(argc, PROGRAM_WORDS - 2);
		if (word[0] != '\0')
			argv[argc++] = word;
	}
	argv[argc++] = address;
	argv[argc] = NULL;
	spawn_start(s, argv, how);
}

/* That it said this, somewhere. */
static inline void
program_expect(const struct spawn *s, const char *text)
{
	ck_assert_msg(spawn_said(s, text), "no '%s' in:\n%s", text, s->text);
}

/* Runs it to its end, which must have this status. */
static inline void
program_run(
    struct spawn *s, int status, const char *options, const char *address)
{
	int got;

	program_start(s, options, address, NULL);
	got = spawn_wait(s);
	ck_assert_msg(
	    got == status, "status %d of '%s':\n%s", got, options, s->text);
}

/* The number behind "Bytes sent: " or the like. */
static inline uint64_t
program_value(const struct spawn *s, const char *name)
{
	const char *at = strstr(s->text, name);
	uint64_t value = 0;

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", name, s->text);
	at += strlen(name);
	ck_assert(strncmp(at, ": ", 2) == 0);
	for (at += 2; *at == ',' || (*at >= '0' && *at <= '9'); at++)
		if (*at != ',')
			value = 10 * value + (uint64_t)(*at - '0');
	return value;
}

#endif
