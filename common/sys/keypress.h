/*
 * keypress: waits for any key on a terminal.
 *
 * Owns:	the terminal's settings, from open to close.
 * Use:
 *	if (keypress_open(&keys, STDIN_FILENO, &e) < 0) ...
 *	poll on keypress_fd(&keys); if (keypress_read(&keys)) ...
 *	keypress_close(&keys);
 */
#ifndef COMMON_SYS_KEYPRESS_H
#define COMMON_SYS_KEYPRESS_H

#include <stdbool.h>
#include <termios.h>

#include "common/base/errmsg.h"

struct keypress {
	struct termios saved;
	int fd; /* -1 when closed */
};

/* -1 when fd is not a terminal; changes nothing. */
int keypress_check(int fd, struct errmsg *e);

/* Fails when fd is not a terminal. */
int keypress_open(struct keypress *k, int fd, struct errmsg *e);

/* To poll for reading; -1 when closed, which poll(2) ignores. */
int keypress_fd(const struct keypress *k);

/*
 * True when a key was pressed, or the terminal is gone. Takes all input, and
 * does not wait for any.
 */
bool keypress_read(struct keypress *k);

/* Restores the terminal; does nothing if closed already. */
void keypress_close(struct keypress *k);

#endif
