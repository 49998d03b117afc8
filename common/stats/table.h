/*
 * table: rows and offenders of a segment (stats/row.h), for who writes them:
 * the creator of the segment and its children. Each slot has its own, written
 * by its process; readers have stats/rows.h.
 *
 * Owns:	which rows of the slot are free: that is not in the segment.
 * Borrows:	the segment.
 * Threads:	any may take and give rows; between that a row has one writer,
 *		and offenders have one all the time.
 * Use:		in the slot's process
 *	stats_table_init(&table, shm, slot, &e);
 *	row = stats_table_take(&table, &image);
 *	...
 *	stats_table_give(&table, row);
 */
#ifndef COMMON_STATS_TABLE_H
#define COMMON_STATS_TABLE_H

#include <pthread.h>

#include "common/stats/row.h"
#include "common/stats/shm.h"

struct stats_table {
	pthread_mutex_t mutex; /* of the next five */
	struct stats_row *rows;
	uint32_t *given; /* back: a stack */
	unsigned given_count, fresh /* from here on never taken */, count;
	uint64_t last_id; /* of a connection, listed or not */
	struct stats_offender *ring;
	unsigned ring_size, next;
};

/* Nothing of the slot is in use. -1: no memory. */
int stats_table_init(struct stats_table *table, struct stats_shm *shm,
    unsigned slot, struct errmsg *e);
void stats_table_fini(struct stats_table *table);

/* The number of the next connection, which may be listed or not, from 1. */
uint64_t stats_table_next_id(struct stats_table *table);

/* A row with this content. NULL: all are taken. */
struct stats_row *stats_table_take(
    struct stats_table *table, const struct stats_row *image);

/* Readers see it no more. NULL may be passed. */
void stats_table_give(struct stats_table *table, struct stats_row *row);

/* In the place of the oldest one of the slot. */
void stats_table_add_offender(
    struct stats_table *table, const struct stats_offender *offender);

/* Of a slot, in the segment: how many there are, and the first; or 0, NULL. */
unsigned stats_shm_rows(
    struct stats_shm *shm, unsigned slot, struct stats_row **rows);
unsigned stats_shm_ring(
    struct stats_shm *shm, unsigned slot, struct stats_offender **ring);

/* The slot's writer is dead: frees its rows, and offenders that are torn. */
void stats_shm_clear_rows(struct stats_shm *shm, unsigned slot);

#endif
