/*
 * tmux: a program on a terminal of tmux(1), whose screen the test reads as a
 * user sees it.
 *
 * Nothing sleeps but to look again. tmux and the program do not outlive the
 * test case.
 *
 * Owns:	the tmux server, until tmux_stop.
 * Errors:	all fail the case, and so does waiting for longer than 8 s.
 * Use:
 *	tmux_start(&t, 24, 80, "LC_ALL=C.UTF-8 tlsecho-stat -n %s", name);
 *	tmux_expect(&t, "OK: no failures");
 *	tmux_type(&t, "q");
 *	tmux_stop(&t);
 */
#ifndef TESTS_SUPPORT_TMUX_H
#define TESTS_SUPPORT_TMUX_H

#include <stdbool.h>

#include "tests/support/spawn.h"

struct tmux {
	struct spawn server;
	char socket[32]; /* in the working directory */
};

/* Whether there is a tmux; otherwise the case is skipped. */
bool tmux_is_there(void);

/*
 * Runs a command line of a shell, which goes on to print "ended with N" when it
 * has ended, and the settings of its terminal (stty -g) before and after it.
 */
void tmux_start(struct tmux *t, int rows, int columns, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void tmux_stop(struct tmux *t);

/* Keys by tmux's names: "q", "Enter", "C-c", "PageDown"; or a text. */
void tmux_type(struct tmux *t, const char *keys);
void tmux_resize(struct tmux *t, int rows, int columns);

/* What is seen, valid until the next call of this or of shell. */
const char *tmux_screen(struct tmux *t);
/* Waits until a text is seen, or is not seen any more. */
void tmux_expect(struct tmux *t, const char *text);
void tmux_expect_no(struct tmux *t, const char *text);
/* Of the program that was started. */
void tmux_signal(struct tmux *t, const char *signal);

#endif
