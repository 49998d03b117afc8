/*
 * screen: standard output, drawn in place on a terminal or written as a stream,
 * and the signals that end, stop or resize it.
 *
 * In place, the alternate screen is used, so that what stood on the terminal
 * stands there again afterwards: at the end, on ^C, while stopped with ^Z, and
 * when somebody truncates the segment that is being read (SIGBUS).
 *
 * Owns:	the terminal's screen and cursor from open to leave or close;
 *		the signals INT, TERM and HUP (in place also QUIT, WINCH and
 *		TSTP) from open on. There is one screen at a time.
 * Errors:	-1 with a reason. A reader that has gone away (EPIPE) is no
 *		error, but SCREEN_STOP.
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
	SCREEN_DONE,    /* it is shown, or the time has come */
	SCREEN_STOP,    /* a signal said so, or the reader has gone away */
	SCREEN_CHANGED, /* the terminal may have another size: print again */
};

/* in_place has an effect only on a terminal that is able to. */
int screen_open(struct screen **screen, bool in_place, struct errmsg *e);

bool screen_is_in_place(const struct screen *screen);

/* In columns; 0 where there is no limit. */
unsigned screen_width(const struct screen *screen);

/*
 * Shows the lines that print writes, all at once; print returns 0, or -1 when
 * it had no memory. In place, they replace what was shown, and what does not
 * fit is cut. Returns SCREEN_DONE, SCREEN_STOP or SCREEN_FAILED.
 */
enum screen_event screen_print(struct screen *screen,
    int (*print)(void *arg, FILE *out), void *arg, struct errmsg *e);

/* Waits until a monotonic time: SCREEN_DONE, _STOP or _CHANGED. */
enum screen_event screen_wait(struct screen *screen, int64_t until_ns);

/* Restores the terminal; what is shown from now on stays there. */
void screen_leave(struct screen *screen);

/* The same, then frees *screen, which may be NULL, and makes it NULL. */
void screen_close(struct screen **screen);

#endif
