/*
 * rows: the connection table and the last failed handshakes of a segment, for
 * readers: see stats/reader.h for how to attach.
 *
 * A segment of an older release, or of a server with --connection-table off,
 * has none of both. Copies hold what the writer wrote, or what somebody put
 * there who wants the viewer to crash: a name ends with a NUL, is UTF-8 and has
 * nothing that controls a terminal; any other value may be anything, a time
 * negative or in the future.
 *
 * Use:
 *	for (unsigned i = 0; i < stats_shm_row_count(shm); i++)
 *		if (stats_shm_row(shm, i, &row) != STATS_ROW_FREE) ...
 */
#ifndef COMMON_STATS_ROWS_H
#define COMMON_STATS_ROWS_H

#include "common/stats/reader.h"
#include "common/stats/row.h"

enum {
	STATS_OFFENDERS_SHOWN = 64
};

/* Rows there are, free ones included; 0: the segment has no table. */
unsigned stats_shm_row_count(const struct stats_shm *shm);

/* The slot, 1 to slot_count - 1, whose process writes row i. */
unsigned stats_shm_row_slot(const struct stats_shm *shm, unsigned i);

/*
 * The first row from i on whose slot has or had a process; the count: there is
 * none. Others take no memory, and to read them would.
 */
unsigned stats_shm_next_row(const struct stats_shm *shm, unsigned i);

/*
 * Copies row i < stats_shm_row_count; its state. FREE costs a load, and the
 * copy means nothing. TORN: its writer died in mid-write, or is stopped there;
 * the copy is zero but for that state.
 */
enum stats_row_state stats_shm_row(
    const struct stats_shm *shm, unsigned i, struct stats_row *row);

/*
 * Copies of the last failed handshakes of all slots together, the newest first.
 * How many. One that is torn is left out. has_alert is an enum stats_alert.
 */
unsigned stats_shm_offenders(const struct stats_shm *shm,
    struct stats_offender last[static STATS_OFFENDERS_SHOWN]);

#endif
