/*
 * signals: signals read as data (signalfd(2)); there are no handlers.
 *
 * Use:
 *	fd = signals_open((const int[]){ SIGINT, SIGTERM, 0 }, &e);
 *	... poll ...
 *	while ((number = signals_read(fd)) != 0)
 */
#ifndef COMMON_SYS_SIGNALS_H
#define COMMON_SYS_SIGNALS_H

#include <stdbool.h>

#include "common/base/errmsg.h"

/*
 * Blocks the signals of a list that ends with 0, for the whole process, so call
 * it before threads exist. Returns a non-blocking, close-on-exec descriptor, or
 * -1. SIGPIPE is ignored from then on.
 */
int signals_open(const int *numbers, struct errmsg *e);

/* Whether it is ignored, as nohup(1) leaves SIGHUP to what it runs. */
bool signals_is_ignored(int number);

/* The number of a signal that has arrived; 0 when there is none. */
int signals_read(int fd);

#endif
