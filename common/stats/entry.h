/*
 * entry: a row or an offender (stats/row.h), 128 bytes that one thread writes
 * and any process copies, whole or not at all.
 *
 * Its sequence number is odd while the rest changes. Words are stored with
 * release and loaded with acquire: whoever sees a new word sees the odd number,
 * too. On x86 these are ordinary moves. What changes alone, such as a state or
 * what an echo counts, is one word, which is whole without the number.
 *
 * Use:		in the one writer
 *	stats_entry_write(row, &image);
 * and in readers
 *	if (stats_entry_copy(row, &image)) ...
 */
#ifndef COMMON_STATS_ENTRY_H
#define COMMON_STATS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

/* The first 8 bytes, which are one word; an offender has no state. */
struct stats_entry_head {
	uint32_t sequence;
	uint8_t state, flags;
	uint16_t port;
};

struct stats_entry_head stats_entry_head(const void *entry);

static inline bool
stats_entry_is_torn(struct stats_entry_head head)
{
	return head.sequence % 2 != 0;
}

/* All of it but the sequence number, which becomes the next even one. */
void stats_entry_write(void *entry, const void *image);

/* The state of a row, and nothing else. */
void stats_entry_set_state(void *entry, uint8_t state);

/* False: it is torn. A writer that is at work is waited for, but not long. */
bool stats_entry_copy(const void *entry, void *image);

#endif
