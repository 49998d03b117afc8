/* decode: the sections of a payload, in an order of our own; see the header. */
#include "tools/record/decode.h"

#include <stdlib.h>
#include <string.h>

#include "tools/record/ages.h"
#include "tools/record/hists.h"
#include "tools/record/rows.h"
#include "tools/sample/build.h"

/* Far from what would overflow when two times are subtracted: 146 years. */
#define TIME_MAX (INT64_MAX / 2)

struct decoder {
	struct record_cursor sections[RECORD_TAGS];
	const struct sample *before; /* of a full block NULL */
	struct sample *sample;
	struct record_times times;
	bool has_hists; /* of the shape that they have here */
	bool is_out_of_memory;
};

/* Sections are found, whatever their order; the first of each tag counts. */
static bool
split(struct decoder *d, const uint8_t *payload, size_t size)
{
	struct record_cursor c = { .at = payload, .end = payload + size };
	struct record_cursor section;
	uint64_t tag;

	while (record_get_section(&c, &tag, &section))
		if (tag < RECORD_TAGS && d->sections[tag].at == NULL)
			d->sections[tag] = section;
	return !c.failed && d->sections[RECORD_TIMES].at != NULL;
}

static bool
is_time(int64_t ns)
{
	return ns >= 0 && ns <= TIME_MAX;
}

static void
get_times(struct record_cursor *c, struct record_times *times)
{
	times->flags = (unsigned)record_get(c);
	times->now_ns = record_get_signed(c);
	times->wall_ns = record_get_signed(c);
}

bool
record_decode_times(
    const uint8_t *payload, size_t size, struct record_times *times)
{
	struct record_cursor c = { .at = payload, .end = payload + size };

	if (record_get(&c) != RECORD_TIMES)
		return false;
	(void)record_get(&c);
	get_times(&c, times);
	return !c.failed;
}

static int64_t
add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static bool
decode_times(struct decoder *d)
{
	struct record_cursor *c = &d->sections[RECORD_TIMES];

	get_times(c, &d->times);
	if (d->before != NULL) {
		d->times.now_ns =
		    add(d->times.now_ns, sample_time_ns(d->before));
		d->times.wall_ns =
		    add(d->times.wall_ns, sample_wall_ns(d->before));
	}
	return !c->failed && is_time(d->times.now_ns) &&
	    is_time(d->times.wall_ns);
}

/* *has_hists: are they of the shape of this program? */
static bool
get_server(struct record_cursor *c, struct sample_server *server,
    uint64_t *slots, bool *has_hists)
{
	uint64_t buckets, sub_bits;

	record_get_text(c, server->name, sizeof server->name);
	record_get_text(c, server->program, sizeof server->program);
	record_get_text(c, server->foreign_user, sizeof server->foreign_user);
	server->pid = (pid_t)record_get_signed(c);
	server->start_ns = record_get_signed(c);
	server->start_wall_ns = record_get_signed(c);
	*slots = record_get(c);
	buckets = record_get(c);
	sub_bits = record_get(c);
	*has_hists = buckets == HIST_BUCKETS && sub_bits == HIST_SUB_BITS;
	return !c->failed && is_time(server->start_ns) &&
	    is_time(server->start_wall_ns) && *slots >= 1 &&
	    *slots <= STATS_SEGMENT_SLOTS_MAX;
}

/* Kinds that are not known here become numbers that --all shows. */
static void
get_field(struct record_cursor *c, struct stats_field *f, bool *is_unknown)
{
	record_get_text(c, f->name, sizeof f->name);
	record_get_text(c, f->help, sizeof f->help);
	f->kind = (uint32_t)record_get(c);
	f->level = (uint32_t)record_get(c);
	f->unit = (uint32_t)record_get(c);
	f->plus = (uint32_t)record_get(c);
	f->minus = (uint32_t)record_get(c);
	*is_unknown = record_get(c) != 0;
	if (f->kind <= STATS_KIND_GAUGE)
		return;
	f->kind = STATS_KIND_GAUGE;
	f->level = STATS_LEVEL_DETAIL;
}

/* Names and the like are checked as those of a segment are. */
static bool
check_fields(struct stats_field *fields, uint64_t count)
{
	const struct stats_header header = {
		.field_count = (uint32_t)count,
		.shard_size = UINT32_MAX,
	};
	struct errmsg ignored;

	return stats_segment_check_fields(&header, fields, &ignored) == 0;
}

static void
make_sample(struct decoder *d, const struct sample_server *server,
    const struct stats_field *fields, unsigned field_count, unsigned slot_count)
{
	d->sample = sample_new(server, fields, field_count, slot_count);
	d->is_out_of_memory = d->sample == NULL;
}

static bool
begin_full(struct decoder *d)
{
	static struct stats_field fields[STATS_SEGMENT_FIELDS_MAX];
	static bool is_unknown[STATS_SEGMENT_FIELDS_MAX];
	struct sample_server server = { .pid = 0 };
	struct record_cursor *c = &d->sections[RECORD_FIELDS];
	uint64_t slots, count = record_get(c);

	memset(fields, 0, sizeof fields);
	if (count < 1 || count > STATS_SEGMENT_FIELDS_MAX ||
	    !get_server(
		&d->sections[RECORD_SERVER], &server, &slots, &d->has_hists))
		return false;
	for (unsigned i = 0; i < count; i++)
		get_field(c, &fields[i], &is_unknown[i]);
	if (c->failed || !check_fields(fields, count))
		return false;
	server.is_alive = (d->times.flags & RECORD_IS_ALIVE) != 0;
	make_sample(d, &server, fields, (unsigned)count, (unsigned)slots);
	for (unsigned i = 0; d->sample != NULL && i < count; i++)
		if (!d->has_hists || is_unknown[i])
			sample_drop_hist(d->sample, i);
	return d->sample != NULL;
}

/* Starts from what was before. */
static bool
begin_changes(struct decoder *d)
{
	struct sample_server server = *sample_server(d->before);
	unsigned fields = sample_field_count(d->before);
	unsigned slots = sample_slot_count(d->before);

	server.is_alive = (d->times.flags & RECORD_IS_ALIVE) != 0;
	make_sample(d, &server, sample_field(d->before, 0), fields, slots);
	if (d->sample == NULL)
		return false;
	for (unsigned i = 0; i < fields; i++) {
		if (sample_hist(d->before, i) == NULL)
			sample_drop_hist(d->sample, i);
		else
			d->has_hists = true;
	}
	for (unsigned slot = 0; slot < slots; slot++) {
		*sample_edit_slot(d->sample, slot) =
		    *sample_slot(d->before, slot);
		for (unsigned i = 0; i < fields; i++)
			sample_set_value(d->sample, slot, i,
			    sample_value(d->before, slot, i));
	}
	return true;
}

static void
decode_slots(struct decoder *d)
{
	struct record_cursor *c = &d->sections[RECORD_SLOTS];
	uint64_t flags, state, next = 0;

	while (record_get_place(c, &next, sample_slot_count(d->sample))) {
		struct sample_slot *slot =
		    sample_edit_slot(d->sample, (unsigned)next - 1);

		state = record_get(c);
		flags = record_get(c);
		slot->state = state <= STATS_SLOT_DRAINING
		    ? (enum stats_state)state
		    : STATS_SLOT_EMPTY;
		slot->is_stalled = flags & 1;
		slot->is_stopped = flags >> 1 & 1;
		slot->pid = (pid_t)record_get_signed(c);
		slot->cpu_ns = add(slot->cpu_ns, record_get_signed(c));
		slot->memory_bytes =
		    add(slot->memory_bytes, record_get_signed(c));
		c->failed |= slot->cpu_ns < -1 || slot->cpu_ns > TIME_MAX ||
		    slot->memory_bytes < -1;
	}
}

static void
decode_values(struct decoder *d)
{
	struct record_cursor *c = &d->sections[RECORD_VALUES];
	unsigned fields = sample_field_count(d->sample);
	uint64_t cells = (uint64_t)fields * sample_slot_count(d->sample);
	uint64_t next = 0;

	while (record_get_place(c, &next, cells)) {
		unsigned slot = (unsigned)(next - 1) / fields;
		unsigned field = (unsigned)(next - 1) % fields;

		sample_set_value(d->sample, slot, field,
		    sample_value(d->sample, slot, field) +
			(uint64_t)record_get_signed(c));
	}
}

static int
add_conn(void *arg, const void *row)
{
	struct decoder *d = arg;
	const struct sample_conn *conn = row;
	size_t count;

	(void)sample_conns(d->sample, &count);
	if (conn->slot >= sample_slot_count(d->sample) ||
	    count >= RECORD_ROWS_MAX)
		return -1;
	return sample_add_conn(d->sample, conn->slot, &conn->row);
}

static int
add_offender(void *arg, const void *row)
{
	struct decoder *d = arg;
	size_t count;

	(void)sample_offenders(d->sample, &count);
	if (count >= RECORD_ROWS_MAX)
		return -1;
	return sample_add_offender(d->sample, row);
}

static void
decode_rows(struct decoder *d)
{
	size_t conn_count = 0, offender_count = 0;
	const void *conns = NULL, *offenders = NULL;

	if (d->before != NULL) {
		conns = sample_conns(d->before, &conn_count);
		offenders = sample_offenders(d->before, &offender_count);
	}
	rows_get(&d->sections[RECORD_CONNS], &rows_conns, conns, conn_count,
	    add_conn, d);
	rows_get(&d->sections[RECORD_OFFENDERS], &rows_offenders, offenders,
	    offender_count, add_offender, d);
}

/* Fills in the sample; false with something wrong, or without memory. */
static bool
decode(struct decoder *d, enum record_type type)
{
	if (!decode_times(d) ||
	    !(type == RECORD_FULL ? begin_full(d) : begin_changes(d)))
		return false;
	sample_set_times(d->sample, d->times.now_ns, d->times.wall_ns);
	decode_slots(d);
	ages_get(&d->sections[RECORD_AGES], d->sample, d->before);
	decode_values(d);
	d->is_out_of_memory =
	    !hists_get(&d->sections[RECORD_HISTS], d->sample, d->before);
	decode_rows(d);
	for (unsigned i = 0; i < RECORD_TAGS; i++)
		if (d->sections[i].failed)
			return false;
	if (!d->is_out_of_memory && sample_finish(d->sample) < 0)
		d->is_out_of_memory = true;
	return !d->is_out_of_memory;
}

struct sample *
record_decode(enum record_type type, const uint8_t *payload, size_t size,
    const struct sample *before, struct errmsg *e)
{
	struct decoder d = { .before = type == RECORD_FULL ? NULL : before };

	if (type != RECORD_FULL && before == NULL)
		errmsg_set(e, "damaged: changes of a sample that is not there");
	else if (split(&d, payload, size) && decode(&d, type))
		return d.sample;
	else if (d.is_out_of_memory)
		errmsg_set(e, "out of memory");
	else
		errmsg_set(e, "damaged: what a sample says makes no sense");
	sample_free(&d.sample);
	return NULL;
}
