/*
 * keypress: waits for any key on a terminal.
 *
 * While the terminal is another job's, as after ^Z and bg, it is left alone:
 * the system stops whoever touches it (termios(3), SIGTTIN and SIGTTOU), and
 * one who reads signals as data could then be ended by SIGKILL only.
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

/* The terminal is this process's, and another job has it now. */
bool keypress_is_background(int fd);

/* -1 when fd is not a terminal, or another job has it; changes nothing. */
int keypress_check(int fd, struct errmsg *e);

/* Fails when fd is not a terminal, or another job has it. */
int keypress_open(struct keypress *k, int fd, struct errmsg *e);

/* To poll for reading; -1, which poll(2) ignores, when it is closed or while
 * another job has the terminal. */
int keypress_fd(const struct keypress *k);

/*
 * True when a key was pressed, or the terminal is gone. Takes all input, and
 * does not wait for any. False while another job has the terminal.
 */
bool keypress_read(struct keypress *k);

/* Restores the terminal, unless another job has it; does nothing if closed
 * already. */
void keypress_close(struct keypress *k);

#endif
