/* rows: copies out of a segment, made harmless; see the header. */
#include "common/stats/rows.h"

#include <string.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"
#include "common/stats/entry.h"
#include "common/stats/private.h"

static const void *
entry_of(const struct stats_shm *shm, const struct stats_section *s, unsigned i)
{
	ASSERT(i < s->count);
	return shm->base + s->offset + (size_t)i * s->size;
}

/* What is not UTF-8 could be anything on a terminal, and nothing in JSON. */
static void
clean(char *text, size_t size)
{
	size_t length = strnlen(text, size - 1);

	memset(text + length, 0, size - length);
	if (!printable_is_utf8(text, length))
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)text[i] >= 0x80)
				text[i] = '?';
	printable_mask(text);
}

unsigned
stats_shm_row_count(const struct stats_shm *shm)
{
	return shm->more.rows.count;
}

unsigned
stats_shm_row_slot(const struct stats_shm *shm, unsigned i)
{
	ASSERT(i < shm->more.rows.count);
	return 1 + i / shm->more.rows.per_slot;
}

unsigned
stats_shm_next_row(const struct stats_shm *shm, unsigned i)
{
	const struct stats_section *rows = &shm->more.rows;

	while (i < rows->count) {
		unsigned slot = 1 + i / rows->per_slot;

		if (stats_shm_state(shm, slot) != STATS_SLOT_EMPTY ||
		    stats_shm_started_ns(shm, slot) != 0)
			return i;
		i = slot * rows->per_slot;
	}
	return rows->count;
}

static bool
is_free(uint8_t state)
{
	return state == STATS_ROW_FREE || state > STATS_ROW_CLOSING;
}

enum stats_row_state
stats_shm_row(const struct stats_shm *shm, unsigned i, struct stats_row *row)
{
	const void *entry = entry_of(shm, &shm->more.rows, i);
	struct stats_entry_head head = stats_entry_head(entry);

	if (!stats_entry_is_torn(head) && is_free(head.state))
		return STATS_ROW_FREE;
	if (!stats_entry_copy(entry, row)) {
		memset(row, 0, sizeof *row);
		row->state = STATS_ROW_TORN;
	}
	/* It may have ended since. */
	if (row->state != STATS_ROW_TORN && is_free(row->state))
		return STATS_ROW_FREE;
	clean(row->name, sizeof row->name);
	return (enum stats_row_state)row->state;
}

/* False: there is none, or half of one. */
static bool
read_offender(const struct stats_shm *shm, unsigned i, struct stats_offender *o)
{
	const void *entry = entry_of(shm, &shm->more.offenders, i);

	if (stats_entry_head(entry).sequence == 0 ||
	    !stats_entry_copy(entry, o) || o->wall_ns <= 0)
		return false;
	clean(o->cause, sizeof o->cause);
	clean(o->name, sizeof o->name);
	if (o->has_alert > STATS_ALERT_RECEIVED)
		o->has_alert = STATS_ALERT_NONE;
	return true;
}

/* Into its place among those that are newer and older; how many there are. */
static unsigned
insert(
    struct stats_offender *last, unsigned count, const struct stats_offender *o)
{
	unsigned at = count;

	while (at > 0 && last[at - 1].wall_ns < o->wall_ns)
		at--;
	if (at == STATS_OFFENDERS_SHOWN)
		return count;
	if (count < STATS_OFFENDERS_SHOWN)
		count++;
	memmove(&last[at + 1], &last[at], (count - 1 - at) * sizeof *last);
	memcpy(&last[at], o, sizeof *o);
	return count;
}

unsigned
stats_shm_offenders(const struct stats_shm *shm,
    struct stats_offender last[static STATS_OFFENDERS_SHOWN])
{
	struct stats_offender offender;
	unsigned count = 0;

	for (unsigned i = 0; i < shm->more.offenders.count; i++)
		if (read_offender(shm, i, &offender))
			count = insert(last, count, &offender);
	return count;
}
