/*
 * screen: standard output, drawn in place on a terminal or written as a stream,
 * and the signals that end, stop or resize it.
 *
 * In place, the alternate screen is used, so that what stood on the terminal
 * stands there again afterwards: at the end, on ^C, while stopped with ^Z, and
 * when the shared-memory file being displayed is truncated (SIGBUS).
 *
 * Owns:	the terminal's screen and cursor from the first print to leave
 *		or close; the signals INT, TERM and HUP (in place also QUIT,
 *		WINCH and TSTP) from open on. There is one screen at a time.
 * Errors:	-1 with a reason. Output that nobody reads any more (EPIPE) is
 *		not an error, but SCREEN_STOP.
 * Use:
 *	if (screen_open(&screen, true, &e) < 0) ...
 *	if (screen_print(screen, print_view, &view, &e) == SCREEN_DONE)
 *		event = screen_wait(screen, until_ns);
 *	screen_close(&screen);
 */
#ifndef TOOLS_SCREEN_H
#define TOOLS_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/errmsg.h"

struct screen;

enum screen_event {
	SCREEN_FAILED = -1,
	SCREEN_DONE,    /* shown; or the time has come */
	SCREEN_STOP,    /* a signal says to stop, or the reader has gone */
	SCREEN_CHANGED, /* another size: show again */
};

/* in_place is ignored if the output is not a capable terminal. */
int screen_open(struct screen **screen, bool in_place, struct errmsg *e);

bool screen_is_in_place(const struct screen *screen);

/* In columns; 0 where there is no limit. */
unsigned screen_width(const struct screen *screen);

/*
 * Shows at once what print writes: whole lines; it returns -1 if out of memory.
 * In place, that replaces what was shown, and what is too large is cut. DONE,
 * STOP or FAILED.
 */
enum screen_event screen_print(struct screen *screen,
    int (*print)(void *arg, FILE *out), void *arg, struct errmsg *e);

/* Waits until a monotonic time: SCREEN_DONE, _STOP or _CHANGED. */
enum screen_event screen_wait(struct screen *screen, int64_t until_ns);

/* Restores the terminal; later prints are written to it as a stream. */
void screen_leave(struct screen *screen);

/* The same, then frees *screen, which may be NULL, and makes it NULL. */
void screen_close(struct screen **screen);

#endif
