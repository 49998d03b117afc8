/* table: a worker's rows and offenders, to write; see the header. */
#include "common/stats/table.h"

#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/stats/entry.h"
#include "common/stats/private.h"

static unsigned
section_of(const struct stats_shm *shm, const struct stats_section *s,
    unsigned slot, void **first)
{
	ASSERT(slot < shm->header.slot_count);
	*first = NULL;
	if (slot == 0 || s->count == 0)
		return 0;
	*first =
	    shm->base + s->offset + (slot - 1) * (size_t)s->per_slot * s->size;
	return s->per_slot;
}

unsigned
stats_shm_rows(struct stats_shm *shm, unsigned slot, struct stats_row **rows)
{
	void *first;
	unsigned count = section_of(shm, &shm->more.rows, slot, &first);

	*rows = first;
	return count;
}

unsigned
stats_shm_ring(
    struct stats_shm *shm, unsigned slot, struct stats_offender **ring)
{
	void *first;
	unsigned count = section_of(shm, &shm->more.offenders, slot, &first);

	*ring = first;
	return count;
}

void
stats_shm_clear_rows(struct stats_shm *shm, unsigned slot)
{
	static const struct stats_row nothing;
	struct stats_row *rows;
	struct stats_offender *ring;
	unsigned count = stats_shm_rows(shm, slot, &rows);

	for (unsigned i = 0; i < count; i++) {
		struct stats_entry_head head = stats_entry_head(&rows[i]);

		if (stats_entry_is_torn(head) || head.state != STATS_ROW_FREE)
			stats_entry_write(&rows[i], &nothing);
	}
	count = stats_shm_ring(shm, slot, &ring);
	for (unsigned i = 0; i < count; i++)
		if (stats_entry_is_torn(stats_entry_head(&ring[i])))
			stats_entry_write(&ring[i], &nothing);
}

/* Entries are written in turn, so the first that was written less often than
 * the first of all is the oldest. */
static unsigned
find_oldest(const struct stats_table *t)
{
	for (unsigned i = 1; i < t->ring_size; i++)
		if (stats_entry_head(&t->ring[i]).sequence !=
		    stats_entry_head(&t->ring[0]).sequence)
			return i;
	return 0;
}

int
stats_table_init(struct stats_table *t, struct stats_shm *shm, unsigned slot,
    struct errmsg *e)
{
	*t = (struct stats_table){ .given = NULL };
	t->count = stats_shm_rows(shm, slot, &t->rows);
	t->ring_size = stats_shm_ring(shm, slot, &t->ring);
	t->next = find_oldest(t);
	if (t->count > 0) {
		t->given = malloc(t->count * sizeof *t->given);
		if (t->given == NULL)
			return errmsg_set(e, "out of memory");
	}
	(void)pthread_mutex_init(&t->mutex, NULL);
	return 0;
}

void
stats_table_fini(struct stats_table *t)
{
	free(t->given);
	(void)pthread_mutex_destroy(&t->mutex);
}

uint64_t
stats_table_next_id(struct stats_table *t)
{
	uint64_t id;

	(void)pthread_mutex_lock(&t->mutex);
	id = ++t->last_id;
	(void)pthread_mutex_unlock(&t->mutex);
	return id;
}

/* NULL: there is none. */
static struct stats_row *
take_free(struct stats_table *t)
{
	struct stats_row *row = NULL;

	(void)pthread_mutex_lock(&t->mutex);
	if (t->given_count > 0)
		row = &t->rows[t->given[--t->given_count]];
	else if (t->fresh < t->count)
		row = &t->rows[t->fresh++];
	(void)pthread_mutex_unlock(&t->mutex);
	return row;
}

struct stats_row *
stats_table_take(struct stats_table *t, const struct stats_row *image)
{
	struct stats_row *row = take_free(t);

	if (row != NULL)
		stats_entry_write(row, image);
	return row;
}

void
stats_table_give(struct stats_table *t, struct stats_row *row)
{
	if (row == NULL)
		return;
	stats_entry_set_state(row, STATS_ROW_FREE);
	(void)pthread_mutex_lock(&t->mutex);
	ASSERT(t->given_count < t->fresh);
	t->given[t->given_count++] = (uint32_t)(row - t->rows);
	(void)pthread_mutex_unlock(&t->mutex);
}

void
stats_table_add_offender(
    struct stats_table *t, const struct stats_offender *offender)
{
	if (t->ring_size == 0)
		return;
	stats_entry_write(&t->ring[t->next], offender);
	t->next = (t->next + 1) % t->ring_size;
}
