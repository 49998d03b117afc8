/*
 * shell: runs a command line and keeps what it says.
 *
 * The programs under test are the first in PATH.
 *
 * Use:
 *	ck_assert_int_eq(shell("tlsecho-certs list %s", dir), 0);
 *	shell_expect(0, "valid", "grep alice list.txt");
 */
#ifndef TESTS_SUPPORT_SHELL_H
#define TESTS_SUPPORT_SHELL_H

#include <jansson.h>
#include <stdbool.h>

/* Puts the programs under test in front of PATH: their directory. */
const char *shell_find_programs(void);

/* Exit status of sh -c; -1 when a signal ended it. */
int shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Standard output and error of the last command, cut at 64 KiB. */
const char *shell_output(void);

/* The same as JSON, which it must be; json_decref is the caller's. */
json_t *shell_json(void);

/* Fails the case unless the command ends so and its output has the text. */
void shell_expect(int status, const char *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether there is such a program; otherwise the case is skipped. */
bool shell_has_program(const char *name);

#endif
