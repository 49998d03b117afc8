/*
 * screen: standard output, drawn in place on a terminal or written as a stream,
 * and the signals that matter while it lasts.
 *
 * In place, the alternate screen is used, so that what stood on the terminal
 * stands there again afterwards: at the end, on ^C, while stopped with ^Z, and
 * when the segment is cut short under us (SIGBUS).
 *
 * Owns:	the terminal's screen and cursor from open to leave or close;
 *		the signals INT, TERM and HUP (in place also QUIT, WINCH and
 *		TSTP) from open on. One at a time.
 * Errors:	-1 with a reason; that nobody reads any more (EPIPE) is no
 *		error but SCREEN_STOP.
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
	SCREEN_STOP,    /* told to stop, or the reader has gone */
	SCREEN_CHANGED, /* another size: show again */
};

/* in_place is a wish, which needs a terminal that can. */
int screen_open(struct screen **screen, bool in_place, struct errmsg *e);

bool screen_is_in_place(const struct screen *screen);

/* Columns to fill; 0 where there is no limit. */
unsigned screen_width(const struct screen *screen);

/*
 * Shows what print writes, at once; print returns -1 when it had no memory. In
 * place, that replaces what was shown, and what is too large is cut. DONE, STOP
 * or FAILED.
 */
enum screen_event screen_print(struct screen *screen,
    int (*print)(void *arg, FILE *out), void *arg, struct errmsg *e);

/* Waits until a monotonic time: DONE, STOP or CHANGED. */
enum screen_event screen_wait(struct screen *screen, int64_t until_ns);

/* Restores the terminal; what is shown from now on stays there. */
void screen_leave(struct screen *screen);

/* The same, and frees. NULL is fine. */
void screen_close(struct screen **screen);

#endif
