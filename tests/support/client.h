/*
 * client: a real tlsecho-client, which is alice and trusts the fixture's root
 * unless its options have a --cert or --identities, and a --ca; and what it
 * reports.
 *
 * It runs in the directory of the fixture. Errors: all fail the case.
 *
 * Use:
 *	client_run(0, server_address(&server), "-c 4 -n 100");
 *	ck_assert_uint_eq(client_number("connections", "made"), 4);
 */
#ifndef TESTS_SUPPORT_CLIENT_H
#define TESTS_SUPPORT_CLIENT_H

#include <jansson.h>
#include <stdint.h>

#include "tests/support/spawn.h"
#include "tests/support/suite.h"

/* Of a load during which something happens, which takes its time. */
#if SUITE_IS_SANITIZED
#	define CLIENT_DURATION "9s"
#else
#	define CLIENT_DURATION "1s"
#endif

/*
 * Runs it, quietly, with these options. It must end with this status, and its
 * report be there and be "ok" when the status is 0. See shell_output, too.
 */
void client_run(int status, const char *target, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Starts it in the background, with these options; how may be NULL. */
void client_start(struct spawn *s, const char *target, const char *options,
    const struct spawn_options *how);

/* SIGINT, after which it says so, and of no error; its exit status. */
int client_interrupt(struct spawn *s);

/* Reads the report of one that was started and has ended. */
void client_read_report(void);

/* A member of an object in the report, or if that is "" of the report. */
const json_t *client_member(const char *object, const char *name);
uint64_t client_number(const char *object, const char *name);

#endif
