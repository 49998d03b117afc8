/*
 * steps_mode: how a script or a launcher follows a run step by step; see
 * client/master/steps.h.
 */
#ifndef CLIENT_STEPS_MODE_H
#define CLIENT_STEPS_MODE_H

#include <stdbool.h>

enum steps_mode {
	STEPS_NONE,
	STEPS_FD,    /* lines go to a descriptor; a byte from it answers */
	STEPS_STDIO, /* to standard output; a newline on standard input does */
	STEPS_SIGNAL /* to standard output; SIGUSR1 does */
};

/* Nothing else may go there then. */
static inline bool
steps_mode_has_stdout(enum steps_mode mode)
{
	return mode == STEPS_STDIO || mode == STEPS_SIGNAL;
}

#endif
