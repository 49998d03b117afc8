/*
 * steps: lets a script see the run step by step (--steps-fd): a line says what
 * has been reached, and a byte from the other side lets the run go on.
 *
 * Borrows:	the descriptor: one end of a pair of sockets, or a terminal.
 * Errors:	an other side that says no more or is gone holds up nothing: the
 *		run goes on, at this step and all later ones.
 * Use:
 *	if (steps_report(&steps, io, "connected", on_go) < 0)
 *		... go on: nobody is there ...
 */
#ifndef CLIENT_MASTER_STEPS_H
#define CLIENT_MASTER_STEPS_H

#include "common/io/loop.h"

struct steps {
	struct io_watch watch;
	int fd; /* -1: nobody to wait for */
	void (*on_go)(struct steps *steps);
};

/*
 * Writes the word and a line feed; on_go is called from io_dispatch when the
 * byte has come. -1 when there is nobody to wait for.
 */
int steps_report(struct steps *steps, struct io *io, const char *word,
    void (*on_go)(struct steps *steps));

/* Waits no longer. Harmless when it does not wait. */
void steps_cancel(struct steps *steps);

#endif
