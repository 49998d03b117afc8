/*
 * signals: signals read as data (signalfd(2)), and those that are ignored;
 * there are no handlers.
 *
 * Use:
 *	signals_ignore_strays(false);
 *	fd = signals_open((const int[]){ SIGINT, SIGTERM, 0 }, &e);
 *	... poll ...
 *	while ((number = signals_read(fd)) != 0)
 */
#ifndef COMMON_SYS_SIGNALS_H
#define COMMON_SYS_SIGNALS_H

#include <stdbool.h>

#include "common/base/errmsg.h"

/*
 * For a process that shall go on whatever it is sent: ignores what would end or
 * stop it by default (signal(7)), real-time signals included. These are left
 * as they are: INT, TERM, HUP and CHLD, which have a meaning here; QUIT, with
 * which a user ends what does not end otherwise; TSTP, which is ^Z; XCPU, which
 * is an administrator's limit; what tells of a fault of the process's own, such
 * as SEGV; and, with uses_terminal, TTIN and TTOU, which stop a job in the
 * background that reads the terminal or changes it.
 */
void signals_ignore_strays(bool uses_terminal);

/*
 * Blocks the signals of a list that ends with 0, for the whole process, so call
 * it before threads exist. Returns a non-blocking, close-on-exec descriptor, or
 * -1. From then on SIGPIPE is ignored, and the signals of the list are not, as
 * they may have been by whoever started the program: ignoring SIGCHLD would
 * hide the ends of children.
 */
int signals_open(const int *numbers, struct errmsg *e);

/* Keeps a signal pending that signals_open is to be given later. */
void signals_block(int number);

/* Whether it is ignored, as nohup(1) leaves SIGHUP to what it runs. */
bool signals_is_ignored(int number);

/* Stops the process until SIGCONT, as a SIGTSTP does that nobody blocks; it is
 * one of those that signals_open was given. */
void signals_stop(void);

/* The number of a signal that has arrived; 0 when there is none. */
int signals_read(int fd);

#endif
