/* encode: one function for each section; see the header. */
#include "tools/record/encode.h"

#include <stdlib.h>
#include <string.h>

#include "tools/record/ages.h"
#include "tools/record/hists.h"
#include "tools/record/rows.h"

struct encoder {
	const struct sample *now, *before; /* before may be NULL */
	unsigned conns;
	struct record_buffer *payload;
	struct record_buffer section;
	bool is_too_large;
};

static void
end_section(struct encoder *en, enum record_tag tag)
{
	if (en->section.size > 0 || en->section.failed)
		record_put_section(en->payload, tag, &en->section);
}

static void
put_times(struct encoder *en, bool continues)
{
	struct record_buffer *b = &en->section;
	int64_t now_ns = 0;
	int64_t wall_ns = 0;

	if (en->before != NULL) {
		now_ns = sample_time_ns(en->before);
		wall_ns = sample_wall_ns(en->before);
	}
	record_put(b,
	    (sample_server(en->now)->is_alive ? RECORD_IS_ALIVE : 0U) |
		(continues ? RECORD_CONTINUES : 0U));
	record_put_signed(b, sample_time_ns(en->now) - now_ns);
	record_put_signed(b, sample_wall_ns(en->now) - wall_ns);
	end_section(en, RECORD_TIMES);
}

static void
put_server(struct encoder *en)
{
	const struct sample_server *server = sample_server(en->now);
	struct record_buffer *b = &en->section;

	record_put_text(b, server->name);
	record_put_text(b, server->program);
	record_put_text(b, server->foreign_user);
	record_put_signed(b, server->pid);
	record_put_signed(b, server->start_ns);
	record_put_signed(b, server->start_wall_ns);
	record_put(b, sample_slot_count(en->now));
	record_put(b, HIST_BUCKETS);
	record_put(b, HIST_SUB_BITS);
	end_section(en, RECORD_SERVER);
}

static bool
has_unknown_buckets(const struct sample *s, unsigned field)
{
	return sample_field(s, field)->kind == STATS_KIND_HIST &&
	    sample_hist(s, field) == NULL;
}

static void
put_fields(struct encoder *en)
{
	struct record_buffer *b = &en->section;
	unsigned count = sample_field_count(en->now);

	record_put(b, count);
	for (unsigned i = 0; i < count; i++) {
		const struct stats_field *f = sample_field(en->now, i);

		record_put_text(b, f->name);
		record_put_text(b, f->help);
		record_put(b, f->kind);
		record_put(b, f->level);
		record_put(b, f->unit);
		record_put(b, f->plus);
		record_put(b, f->minus);
		record_put(b, has_unknown_buckets(en->now, i));
	}
	end_section(en, RECORD_FIELDS);
}

static bool
is_equal_slot(const struct sample_slot *a, const struct sample_slot *b)
{
	return a->state == b->state && a->pid == b->pid &&
	    a->is_stalled == b->is_stalled && a->is_stopped == b->is_stopped &&
	    a->cpu_ns == b->cpu_ns && a->memory_bytes == b->memory_bytes;
}

static void
put_slots(struct encoder *en)
{
	static const struct sample_slot none = { .cpu_ns = -1,
		.memory_bytes = -1 };
	struct record_buffer *b = &en->section;
	unsigned next = 0;

	for (unsigned i = 0; i < sample_slot_count(en->now); i++) {
		const struct sample_slot *now = sample_slot(en->now, i);
		const struct sample_slot *before =
		    en->before != NULL ? sample_slot(en->before, i) : &none;

		if (is_equal_slot(now, before))
			continue;
		record_put(b, i - next);
		record_put(b, now->state);
		record_put(
		    b, (now->is_stalled ? 1U : 0) | (now->is_stopped ? 2U : 0));
		record_put_signed(b, now->pid);
		record_put_signed(b, now->cpu_ns - before->cpu_ns);
		record_put_signed(b, now->memory_bytes - before->memory_bytes);
		next = i + 1;
	}
	end_section(en, RECORD_SLOTS);
}

static void
put_values(struct encoder *en)
{
	struct record_buffer *b = &en->section;
	unsigned fields = sample_field_count(en->now);
	unsigned cells = fields * sample_slot_count(en->now);
	unsigned next = 0;

	for (unsigned i = 0; i < cells; i++) {
		uint64_t n = sample_value(en->now, i / fields, i % fields);

		if (en->before != NULL)
			n -= sample_value(en->before, i / fields, i % fields);
		if (n == 0)
			continue;
		record_put(b, i - next);
		record_put_signed(b, (int64_t)n);
		next = i + 1;
	}
	end_section(en, RECORD_VALUES);
}

/* How many workers have connections, which stand together. */
static size_t
count_owners(const struct sample_conn *conns, size_t count)
{
	size_t owners = 0;

	for (size_t i = 0; i < count; i++)
		owners += i == 0 || conns[i].slot != conns[i - 1].slot;
	return owners;
}

/* The first ones of each worker; the caller frees them. NULL: no memory. */
static struct sample_conn *
select_conns(const struct sample *s, size_t max, size_t *selected)
{
	size_t count = 0;
	const struct sample_conn *all =
	    s != NULL ? sample_conns(s, &count) : NULL;
	size_t owners = count_owners(all, count);
	size_t share = owners > 0 && count > max ? max / owners : count;
	struct sample_conn *list = calloc(count + 1, sizeof *list);
	size_t taken = 0;

	*selected = 0;
	for (size_t i = 0; list != NULL && i < count; i++) {
		if (i > 0 && all[i].slot != all[i - 1].slot)
			taken = 0;
		if (taken++ < share)
			memcpy(&list[(*selected)++], &all[i], sizeof *list);
	}
	return list;
}

static void
put_conns(struct encoder *en)
{
	size_t count, before_count;
	struct sample_conn *now = select_conns(en->now, en->conns, &count);
	struct sample_conn *before =
	    select_conns(en->before, en->conns, &before_count);

	en->section.failed |= now == NULL || before == NULL;
	if (!en->section.failed)
		rows_put(&en->section, &rows_conns, now, count, before,
		    before_count);
	free(before);
	free(now);
	end_section(en, RECORD_CONNS);
}

static void
put_offenders(struct encoder *en)
{
	size_t count, before_count = 0;
	const struct stats_offender *now = sample_offenders(en->now, &count);
	const struct stats_offender *before = en->before != NULL
	    ? sample_offenders(en->before, &before_count)
	    : NULL;

	en->is_too_large |= count > RECORD_ROWS_MAX;
	rows_put(
	    &en->section, &rows_offenders, now, count, before, before_count);
	end_section(en, RECORD_OFFENDERS);
}

bool
record_encode(struct record_buffer *payload, const struct sample *now,
    const struct record_basis *basis)
{
	struct encoder en = {
		.now = now,
		.before = basis->before,
		.conns = basis->conns,
		.payload = payload,
	};

	put_times(&en, basis->continues);
	if (en.before == NULL) {
		put_server(&en);
		put_fields(&en);
	}
	put_slots(&en);
	put_values(&en);
	en.is_too_large |=
	    hists_put(&en.section, now, en.before) > RECORD_HISTS_MAX;
	end_section(&en, RECORD_HISTS);
	put_conns(&en);
	put_offenders(&en);
	ages_put(&en.section, now, en.before);
	end_section(&en, RECORD_AGES);
	record_buffer_free(&en.section);
	return !en.is_too_large && payload->size <= RECORD_PAYLOAD_MAX;
}
