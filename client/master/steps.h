/*
 * steps: lets a script or a launcher follow the run step by step: a line says
 * what has been reached, and an answer lets the run go on.
 *
 * The line goes to a descriptor (--steps-fd), whose every byte is an answer, or
 * to standard output (--steps), where a newline on standard input is one, or a
 * SIGUSR1. An answer may come before its line. Input is read all the time, so
 * that its end is noticed at once.
 *
 * Borrows:	the descriptors.
 * Errors:	a script at a descriptor that is gone, or will write no more,
 *		does not hold up the run at any step. With --steps, on_lost is
 *		called, once: the input has ended, or something else than two
 *		newlines has come, or the output cannot be written.
 * Use:
 *	struct steps steps = { .mode = mode, .fd = fd, .on_lost = on_lost };
 *	steps_open(&steps, io, "hello", &e);
 *	if (!steps_report(&steps, "connected", on_go))
 *		... go on at once ...
 *	steps_close(&steps);
 */
#ifndef CLIENT_MASTER_STEPS_H
#define CLIENT_MASTER_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/steps_mode.h"
#include "common/base/errmsg.h"
#include "common/io/loop.h"

struct steps {
	enum steps_mode mode;
	int fd; /* of STEPS_FD; later that of the lines */
	void (*on_lost)(struct steps *steps);
	void (*on_go)(struct steps *steps); /* NULL: not waiting */
	struct io_watch input;
	unsigned answers; /* that came */
	unsigned taken;   /* of them */
	bool is_alone;    /* nobody answers any more, and the run goes on */
	struct errmsg trouble; /* of on_lost: "standard input ended" */
};

/* Begins to read; with --steps it writes the word as the first line. */
int steps_open(
    struct steps *steps, struct io *io, const char *hello, struct errmsg *e);

/*
 * Writes the word as a line. False when the run goes on at once, since there is
 * nobody to wait for or the answer has come already. Otherwise on_go is called
 * from io_dispatch or steps_answer, or on_lost is or has been.
 */
bool steps_report(
    struct steps *steps, const char *word, void (*on_go)(struct steps *steps));

/* An answer that is no byte: the signal, or the end of patience. */
void steps_answer(struct steps *steps);

/* Neither reads nor waits any more; harmless if it does not. */
void steps_close(struct steps *steps);

/* Writes the word as a line to a descriptor; 0 or -errno. */
int steps_write(int fd, const char *word);

#endif
