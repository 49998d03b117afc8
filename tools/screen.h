/*
 * screen: standard output, written as a stream, and the signals that end it.
 *
 * Owns:	the signals INT, TERM and HUP from open on. There is one screen
 *		at a time.
 * Errors:	-1 with a reason. Output that nobody reads any more (EPIPE) is
 *		not an error, but SCREEN_STOP.
 * Use:
 *	if (screen_open(&screen, &e) < 0) ...
 *	if (screen_print(screen, print_view, &view, &e) == SCREEN_DONE)
 *		event = screen_wait(screen, until_ns);
 *	screen_close(&screen);
 */
#ifndef TOOLS_SCREEN_H
#define TOOLS_SCREEN_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/errmsg.h"

struct screen;

enum screen_event {
	SCREEN_FAILED = -1,
	SCREEN_DONE, /* shown; or the time has come */
	SCREEN_STOP, /* a signal says to stop, or the reader has gone */
};

int screen_open(struct screen **screen, struct errmsg *e);

/* Columns of the terminal; 0: there is none, and no limit. */
unsigned screen_width(void);

/*
 * Shows at once what print writes: whole lines; it returns -1 if out of memory.
 * DONE, STOP or FAILED.
 */
enum screen_event screen_print(struct screen *screen,
    int (*print)(void *arg, FILE *out), void *arg, struct errmsg *e);

/* Waits until a monotonic time: SCREEN_DONE or _STOP. */
enum screen_event screen_wait(struct screen *screen, int64_t until_ns);

/* Frees *screen, which may be NULL, and makes it NULL. */
void screen_close(struct screen **screen);

#endif
