/*
 * table: how many connections each address and each network has, over all
 * workers, and when it may begin the next one.
 *
 * It is in memory that the processes share, made before they are forked, and
 * that goes on in the next program (execve(2)). Each worker counts in a column
 * of its own, so that what a killed one has counted can be taken back. The
 * mutex is robust (pthread_mutexattr_setrobust(3)): a worker that is killed
 * while it holds it blocks nobody.
 *
 * Keys are hashed with random numbers, so that nobody can choose addresses that
 * fall on one place. A place is free again when its connections have ended and
 * its next one would not have to wait, but not while the lock is held under
 * which it was found. Where no place is free, an address is not counted, and
 * its connection not limited.
 *
 * Owns:	the mapping; its descriptor is the caller's.
 * Threads:	table_release and table_forget in any; the rest while locked.
 * Use:
 *	if (!table_lock(table)) ...
 *	entry = table_find(table, &key, now_ns);
 *	if (entry != NULL && table_open(table, entry) < max)
 *		id = table_count(table, entry, worker);
 *	table_unlock(table);
 *	...
 *	table_release(table, id, worker);
 */
#ifndef SERVER_LIMITS_TABLE_H
#define SERVER_LIMITS_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct limits_table;

/* An address, IPv4 as ::ffff:a.b.c.d, or the network that it begins with. */
struct table_key {
	uint8_t address[16]; /* bits behind the prefix are 0 */
	uint8_t prefix;      /* 1 to 128 */
};

struct table_entry {
	struct table_key key;    /* prefix 0: it has never been used */
	uint32_t found;          /* under which lock; their number may wrap */
	_Atomic int64_t next_ns; /* see limits/rate.h */
	_Atomic uint32_t open[]; /* of each worker */
};

/* A column for each slot of workers; room for about so many connections. */
int table_new(struct limits_table **table, int *fd, unsigned workers,
    uint64_t connections, struct errmsg *e);
/*
 * The same with what is counted in this one, of a program before. -1: it is of
 * another shape, too small, or none.
 */
int table_adopt(struct limits_table **table, int fd, unsigned workers,
    uint64_t connections);
/* *table may be NULL. */
void table_free(struct limits_table **table);

/*
 * False: a process that is stopped has it (SIGSTOP). That takes a second, and
 * from then on a millisecond, until the lock can be had again.
 */
bool table_lock(struct limits_table *table);
void table_unlock(struct limits_table *table);

/*
 * The entry of a key, a new one if need be, and nobody else's before
 * table_unlock. NULL: no place is free.
 */
struct table_entry *table_find(
    struct limits_table *table, const struct table_key *key, int64_t now_ns);

/* Its connections in all workers. */
uint64_t table_open(
    const struct limits_table *table, const struct table_entry *entry);

/* One more in this worker; the id, never 0, is for table_release. */
uint32_t table_count(
    struct limits_table *table, struct table_entry *entry, unsigned worker);

/* 0 is nothing. */
void table_release(struct limits_table *table, uint32_t id, unsigned worker);

/* The worker is dead, and its connections with it. */
void table_forget(struct limits_table *table, unsigned worker);

#endif
