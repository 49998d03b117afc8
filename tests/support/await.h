/*
 * await: waits for a condition that another process makes true.
 *
 * Use:
 *	AWAIT(server_total(&server, "accepted") == 3);
 */
#ifndef TESTS_SUPPORT_AWAIT_H
#define TESTS_SUPPORT_AWAIT_H

#include <stdint.h>

/* Evaluates the condition every 2 ms; the case fails when that takes 8 s. */
#define AWAIT(condition)                                         \
	do {                                                     \
		int64_t await_until_ns = await_deadline_ns();    \
		while (!(condition))                             \
			await_pause(await_until_ns, #condition); \
	} while (0)

/* Eight seconds from now, forty in a sanitizer build. */
int64_t await_deadline_ns(void);

/* Fails the case, with these words, when the deadline is over; else sleeps. */
void await_pause(int64_t deadline_ns, const char *words);

/* What is left until then, for poll(2); 0 when it is over. */
int await_left_ms(int64_t deadline_ns);

#endif
