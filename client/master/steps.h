/*
 * steps: lets a script follow the run step by step (--steps-fd): a line says
 * what has been reached, and a byte from the script lets the run go on.
 *
 * Borrows:	the descriptor: one end of a pair of sockets, or a terminal.
 * Errors:	a script that is gone, or will write no more, does not hold up
 *		the run at this step nor at later ones.
 * Use:
 *	if (steps_report(&steps, io, "connected", on_go) < 0)
 *		... go on at once ...
 */
#ifndef CLIENT_MASTER_STEPS_H
#define CLIENT_MASTER_STEPS_H

#include "common/io/loop.h"

struct steps {
	struct io_watch watch;
	int fd; /* -1: no script to wait for */
	void (*on_go)(struct steps *steps);
};

/*
 * Writes the word as a line; on_go is called from io_dispatch when the byte has
 * come. -1 when there is no script to wait for.
 */
int steps_report(struct steps *steps, struct io *io, const char *word,
    void (*on_go)(struct steps *steps));

/* Stops waiting, if it waits. */
void steps_cancel(struct steps *steps);

#endif
