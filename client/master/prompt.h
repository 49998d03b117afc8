/*
 * prompt: asks for a key press on the terminal (--interactive).
 *
 * Owns:	the terminal's settings while it is open.
 * Borrows:	the job, to say how many clients have connected.
 * Use:
 *	struct prompt prompt = PROMPT_INIT(on_key);
 *	if (!prompt_open(&prompt, &job, io))
 *		... there is nobody to ask ...
 *	prompt_close(&prompt);
 */
#ifndef CLIENT_MASTER_PROMPT_H
#define CLIENT_MASTER_PROMPT_H

#include <stdbool.h>

#include "common/io/loop.h"
#include "common/sys/keypress.h"

struct job;

struct prompt {
	struct keypress keys;
	struct io_watch watch;
	void (*on_key)(struct prompt *prompt);
};

#define PROMPT_INIT(on_key_)                               \
	{                                                  \
		.keys = { .fd = -1 }, .on_key = (on_key_), \
	}

/* False when nothing is connected, or there is no terminal any more. */
bool prompt_open(struct prompt *prompt, const struct job *job, struct io *io);

bool prompt_is_open(const struct prompt *prompt);

/* May be closed already. */
void prompt_close(struct prompt *prompt);

#endif
