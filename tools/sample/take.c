/* take: one pass over the segment, guarded against SIGBUS; see the header. */
#include "tools/sample/take.h"

#include <string.h>

#include "common/stats/guard.h"
#include "common/stats/rows.h"
#include "tools/sample/build.h"
#include "tools/sample/proc.h"

static struct sample *
new_sample(const struct stats_shm *shm)
{
	const struct stats_header *h = stats_shm_header(shm);
	struct sample_server server = { .pid = h->pid,
		.start_ns = h->start_ns,
		.start_wall_ns = h->start_wall_ns,
		.is_alive = stats_shm_owner(shm) != 0 };

	(void)stats_shm_foreign_user(shm, server.foreign_user);
	strncat(server.name, stats_shm_name(shm), sizeof server.name - 1);
	memcpy(server.program, h->program, sizeof server.program);
	return sample_new(
	    &server, stats_shm_field(shm, 0), h->field_count, h->slot_count);
}

static void
read_slot(struct sample *s, const struct stats_shm *shm, unsigned slot)
{
	struct sample_slot *what = sample_edit_slot(s, slot);

	for (unsigned i = 0; i < sample_field_count(s); i++)
		sample_set_value(s, slot, i, stats_shm_value(shm, slot, i));
	what->state = stats_shm_state(shm, slot);
	what->pid = stats_shm_pid(shm, slot);
	what->is_stalled = stats_shm_is_stalled(shm, slot);
	if (what->state != STATS_SLOT_EMPTY && what->pid > 0)
		proc_read(what);
}

static int
read_hists(struct sample *s, const struct stats_shm *shm, unsigned slot)
{
	struct hist *h;

	for (unsigned i = 0; i < sample_field_count(s); i++) {
		if (sample_field(s, i)->kind != STATS_KIND_HIST ||
		    sample_value(s, slot, i) == 0)
			continue;
		h = sample_make_hist(s, slot, i);
		if (h == NULL)
			return -1;
		if (stats_shm_merge_hist(shm, slot, i, h) < 0)
			sample_drop_hist(s, i);
	}
	return 0;
}

static int
read_conns(struct sample *s, const struct stats_shm *shm)
{
	unsigned count = stats_shm_row_count(shm);
	struct stats_row row;

	for (unsigned i = stats_shm_next_row(shm, 0); i < count;
	     i = stats_shm_next_row(shm, i + 1))
		if (stats_shm_row(shm, i, &row) != STATS_ROW_FREE &&
		    sample_add_conn(s, stats_shm_row_slot(shm, i), &row) < 0)
			return -1;
	return 0;
}

/* The segment has the newest first. */
static int
read_offenders(struct sample *s, const struct stats_shm *shm)
{
	struct stats_offender last[STATS_OFFENDERS_SHOWN];
	unsigned count = stats_shm_offenders(shm, last);

	while (count > 0)
		if (sample_add_offender(s, &last[--count]) < 0)
			return -1;
	return 0;
}

/* What a guarded read works on. */
struct taking {
	const struct stats_shm *shm;
	struct sample *sample;
	bool is_filled;
};

static int
fill(struct sample *s, const struct stats_shm *shm)
{
	for (unsigned slot = 0; slot < sample_slot_count(s); slot++) {
		read_slot(s, shm, slot);
		if (read_hists(s, shm, slot) < 0)
			return -1;
	}
	if (read_conns(s, shm) < 0 || read_offenders(s, shm) < 0)
		return -1;
	return sample_finish(s);
}

static void
take(void *arg)
{
	struct taking *t = arg;

	t->is_filled = fill(t->sample, t->shm) == 0;
}

struct sample *
sample_take(const struct stats_shm *shm, int64_t now_ns, int64_t wall_ns,
    struct errmsg *e)
{
	struct taking t = { .shm = shm, .sample = new_sample(shm) };

	errmsg_set(e, "out of memory");
	if (t.sample == NULL)
		return NULL;
	sample_set_times(t.sample, now_ns, wall_ns);
	if (!stats_guarded(take, &t))
		errmsg_set(e, "segment '%s' was cut short while it was read",
		    stats_shm_name(shm));
	if (!t.is_filled)
		sample_free(&t.sample);
	return t.sample;
}
