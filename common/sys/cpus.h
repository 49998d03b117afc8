/*
 * cpus: lists of CPUs as taskset(1) writes them, and threads that stay on one.
 *
 * Text form: numbers and ranges, such as 0,2,4-7; the order is kept, and a CPU
 * may be named more than once.
 *
 * Errors:	0, or -1 with a message that can follow an option's name.
 * Use:
 *	if (cpus_parse(&cpus, "0,2,4-7", &e) < 0 ||
 *	    cpus_check_usable(&cpus, &e) < 0) ...
 *	cpus_pin(cpus_nth(&cpus, worker), &e);
 */
#ifndef COMMON_SYS_CPUS_H
#define COMMON_SYS_CPUS_H

#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	CPUS_MAX = 1024 /* CPU_SETSIZE: what sched_setaffinity(2) takes */
};

struct cpus {
	unsigned count;
	uint16_t of[CPUS_MAX];
};

/* At least one CPU; whether it exists is not asked. */
int cpus_parse(struct cpus *cpus, const char *text, struct errmsg *e);

/* Those that the calling thread may run on, in ascending order. */
int cpus_usable(struct cpus *cpus, struct errmsg *e);

/* How many those are; 1 when the kernel does not say. */
unsigned cpus_count_usable(void);

/* Fails when the calling thread may not run on one of them. */
int cpus_check_usable(const struct cpus *cpus, struct errmsg *e);

/* The n-th, from 0; after the last comes the first again. count > 0. */
unsigned cpus_nth(const struct cpus *cpus, unsigned n);

/* Keeps the calling thread, and threads that it starts, on one CPU. */
int cpus_pin(unsigned cpu, struct errmsg *e);

#endif
