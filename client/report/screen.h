/*
 * screen: a few lines on the terminal of standard error, rewritten in place by
 * the commands of ECMA-48 that every terminal has: up, erase line, erase below.
 *
 * No mode of the terminal is changed and no colour set, so that nothing needs
 * to be restored: whoever is killed leaves the last lines behind. When the
 * terminal has become narrower, lines that it has wrapped are erased, too.
 *
 * Use:
 *	struct screen screen = { 0 };
 *	screen_print(&screen, lines, 5);
 *	screen_clear(&screen);
 */
#ifndef CLIENT_REPORT_SCREEN_H
#define CLIENT_REPORT_SCREEN_H

#include <stdbool.h>

enum {
	SCREEN_LINES = 5,
	SCREEN_LINE = 256 /* bytes, with a NUL */
};

struct screen {
	unsigned count;               /* of lines that are shown */
	unsigned cells[SCREEN_LINES]; /* how wide they are */
};

/* Whether so many lines of numbers with sparklines fit below one line more. */
bool screen_has_room(unsigned lines);

/* In place of what was shown before. Lines of UTF-8 are cut to the width. */
void screen_print(
    struct screen *screen, const char *const *lines, unsigned count);

/* Erases what is shown, to make room for something else. */
void screen_clear(struct screen *screen);

#endif
