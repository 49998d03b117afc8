/*
 * terminal: the terminal that a canvas is shown on, its keys, and the signals
 * that end, stop or resize it. Only this file knows curses (ncursesw, opened by
 * newterm(3), which fails where initscr(3) would end the program).
 *
 * Owns:	the terminal's settings and screen, LC_CTYPE, and the signals
 *		INT, TERM, HUP, QUIT, WINCH, TSTP and CONT, from open on. There
 *		is one terminal at a time.
 * Use:
 *	if (!terminal_is_capable()) ...
 *	if (terminal_open(&terminal, &e) < 0) ...
 *	event = terminal_wait(terminal, until_ns, &key);
 *	terminal_close(&terminal);
 */
#ifndef TOOLS_TERM_TERMINAL_H
#define TOOLS_TERM_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "tools/term/canvas.h"

struct terminal;

enum terminal_event {
	TERMINAL_TIME, /* it has come */
	TERMINAL_KEY,
	TERMINAL_CHANGED, /* another size, or the screen is to be drawn anew */
	TERMINAL_END      /* a signal, or the terminal has gone */
};

/* Input and output are a terminal, and TERM names one that is not dumb. */
bool terminal_is_capable(void);

/* -1 with the reason: TERM is not known here, or there is no memory. */
int terminal_open(struct terminal **terminal, struct errmsg *e);
void terminal_close(struct terminal **terminal);

/* Whether only ASCII can be shown, by the locale. */
bool terminal_is_ascii(const struct terminal *terminal);
void terminal_size(
    const struct terminal *terminal, unsigned *rows, unsigned *columns);

/* Shows it; leaves it out while the terminal takes no output. */
void terminal_show(struct terminal *terminal, const struct canvas *c);
/* The next show draws all of it, whatever is there. */
void terminal_spoil(struct terminal *terminal);

/* Waits until a monotonic time; a key is one of keys.h. */
enum terminal_event terminal_wait(
    struct terminal *terminal, int64_t until_ns, int *key);

#endif
