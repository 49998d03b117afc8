/*
 * logger: the process that writes the server's log, so that nobody else ever
 * waits for whoever reads it.
 *
 * Master and workers send it their lines over one socket, which holds a few
 * hundred of them while standard error takes none: a pipe that nobody reads, a
 * terminal after ^S. What does not fit is dropped by the sender and counted,
 * and so is what cannot be written, since the disk is full or the reader is
 * gone. When lines get through again, the logger says how many were dropped.
 *
 * It leaves when all senders have closed the socket. When its master has died
 * it waits for its reader 6 seconds longer at most.
 *
 * Owns:	the process, both ends of the socket, the counter, until
 *		logger_close.
 * Use:
 *	if (logger_open(&logger, &e) < 0) ...
 *	... each second: logger_look(&logger) ...
 *	logger_close(&logger);
 */
#ifndef SERVER_LOGGER_LOGGER_H
#define SERVER_LOGGER_LOGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

/* In memory that all senders share; releases add at the end. */
struct logger_lines {
	_Atomic uint64_t dropped;
	_Atomic uint64_t told;  /* of these, in lines that got through */
	_Atomic uint64_t taken; /* of these, see logger_take_dropped */
	_Atomic int format;     /* of the master's lines: enum log_format */
};

/* The descriptors may go to another program in this process. */
struct logger {
	int tx_fd, rx_fd; /* rx is kept, so that a successor finds the lines */
	int pid_fd;
	int lines_fd;
	struct logger_lines *lines;
};

#define LOGGER_INIT                                                     \
	{                                                               \
		.tx_fd = -1, .rx_fd = -1, .pid_fd = -1, .lines_fd = -1, \
	}

/* Before keys are read and threads started; the log goes there afterwards. */
int logger_open(struct logger *logger, struct errmsg *e);

/*
 * The same with the process that the program before this one had, by the four
 * descriptors: there is one, however often programs follow each other, and be
 * it that nobody reads the log.
 */
int logger_adopt(struct logger *logger, struct errmsg *e);

/*
 * The process that writes the log is forked from a master that has read keys if
 * it follows one that was killed; it then executes its program again, to have
 * none of them in its memory. main asks whether it is that, and becomes it.
 */
bool logger_is_wanted(void);
/* Its exit status; -1: a stranger has set TLSECHO_LOGGER. */
int logger_run(struct errmsg *e);

/* In the master: starts another one if it has been killed. */
void logger_look(struct logger *logger);

/* Lines that were dropped since the start. */
uint64_t logger_dropped(const struct logger *logger);
/* Those of them that this has not returned before, to any program. */
uint64_t logger_take_dropped(struct logger *logger);

/*
 * In the master, when there is no worker any more: all lines are written, or
 * else given up after a second. The log goes to standard error itself again.
 */
void logger_close(struct logger *logger);

#endif
