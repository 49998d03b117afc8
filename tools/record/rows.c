/* rows: members by table, operations on the earlier list; see the header. */
#include "tools/record/rows.h"

#include <string.h>

enum member_form {
	MEMBER_NUMBER,
	MEMBER_BYTES,
	MEMBER_TEXT,
};

/*
 * The position in the table is a bit in a row's mask: append only, and what is
 * appended must be a text, so that older readers can skip it.
 */
struct member {
	size_t offset, size;
	enum member_form form;
};

#define SIZE_OF(type, name) (sizeof((type *)0)->name)
#define NUMBER(type, name)                                   \
	{                                                    \
		offsetof(type, name), SIZE_OF(type, name), 0 \
	}
#define BYTES(type, name)                                               \
	{                                                               \
		offsetof(type, name), SIZE_OF(type, name), MEMBER_BYTES \
	}
#define TEXT(type, name)                                               \
	{                                                              \
		offsetof(type, name), SIZE_OF(type, name), MEMBER_TEXT \
	}

static const struct member conn_members[] = {
	NUMBER(struct sample_conn, slot),
	NUMBER(struct sample_conn, row.id),
	NUMBER(struct sample_conn, row.state),
	NUMBER(struct sample_conn, row.flags),
	NUMBER(struct sample_conn, row.port),
	NUMBER(struct sample_conn, row.active_ns),
	NUMBER(struct sample_conn, row.bytes_received),
	NUMBER(struct sample_conn, row.bytes_sent),
	NUMBER(struct sample_conn, row.read_operations),
	NUMBER(struct sample_conn, row.opened_ns),
	NUMBER(struct sample_conn, row.version),
	NUMBER(struct sample_conn, row.suite),
	NUMBER(struct sample_conn, row.group),
	BYTES(struct sample_conn, row.address),
	TEXT(struct sample_conn, row.name),
};

static const struct member offender_members[] = {
	NUMBER(struct stats_offender, wall_ns),
	NUMBER(struct stats_offender, port),
	NUMBER(struct stats_offender, reason),
	NUMBER(struct stats_offender, alert),
	NUMBER(struct stats_offender, has_alert),
	BYTES(struct stats_offender, address),
	TEXT(struct stats_offender, cause),
	TEXT(struct stats_offender, name),
};

struct rows_kind {
	const struct member *members;
	unsigned count;
	unsigned keys; /* so many of them tell one row from another */
	size_t size;   /* of a row */
};

const struct rows_kind rows_conns = {
	.members = conn_members,
	.count = sizeof conn_members / sizeof *conn_members,
	.keys = 2,
	.size = sizeof(struct sample_conn),
};

const struct rows_kind rows_offenders = {
	.members = offender_members,
	.count = sizeof offender_members / sizeof *offender_members,
	.keys = sizeof offender_members / sizeof *offender_members,
	.size = sizeof(struct stats_offender),
};

/* Lowest bits of an operation; those above are the number of rows. */
enum operation {
	KEEP,   /* rows of the earlier list stay as they are */
	DROP,   /* rows of it are gone */
	CHANGE, /* one of it, with changes */
	ADD,    /* one that is new */
	OPERATION_BITS = 2
};

enum {
	ROW_MAX = 256
};

_Static_assert(sizeof(struct sample_conn) <= ROW_MAX, "fits a row");
_Static_assert(sizeof(struct stats_offender) <= ROW_MAX, "fits a row");

static const uint8_t *
row_at(const struct rows_kind *kind, const void *rows, size_t index)
{
	return (const uint8_t *)rows + index * kind->size;
}

/* Numbers are unsigned, or times. */
static uint64_t
load(const struct member *m, const uint8_t *row)
{
	uint8_t n8;
	uint16_t n16;
	uint32_t n32;
	uint64_t n64;

	switch (m->size) {
	case sizeof n8:
		return row[m->offset];
	case sizeof n16:
		memcpy(&n16, row + m->offset, sizeof n16);
		return n16;
	case sizeof n32:
		memcpy(&n32, row + m->offset, sizeof n32);
		return n32;
	default:
		memcpy(&n64, row + m->offset, sizeof n64);
		return n64;
	}
}

static void
store(const struct member *m, uint8_t *row, uint64_t n)
{
	const uint8_t n8 = (uint8_t)n;
	const uint16_t n16 = (uint16_t)n;
	const uint32_t n32 = (uint32_t)n;

	switch (m->size) {
	case sizeof n8:
		row[m->offset] = n8;
		break;
	case sizeof n16:
		memcpy(row + m->offset, &n16, sizeof n16);
		break;
	case sizeof n32:
		memcpy(row + m->offset, &n32, sizeof n32);
		break;
	default:
		memcpy(row + m->offset, &n, sizeof n);
	}
}

static bool
is_equal(const struct member *m, const uint8_t *a, const uint8_t *b)
{
	return memcmp(a + m->offset, b + m->offset, m->size) == 0;
}

static bool
is_same(const struct rows_kind *kind, unsigned members, const uint8_t *a,
    const uint8_t *b)
{
	for (unsigned i = 0; i < members; i++)
		if (!is_equal(&kind->members[i], a, b))
			return false;
	return true;
}

static void
put_member(struct record_buffer *b, const struct member *m, const uint8_t *row,
    const uint8_t *before)
{
	if (m->form == MEMBER_NUMBER)
		record_put_signed(b, (int64_t)(load(m, row) - load(m, before)));
	else if (m->form == MEMBER_BYTES)
		record_put_bytes(b, row + m->offset, m->size);
	else
		record_put_text(b, (const char *)row + m->offset);
}

static void
put_row(struct record_buffer *b, const struct rows_kind *kind,
    const uint8_t *row, const uint8_t *before)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < kind->count; i++)
		if (!is_equal(&kind->members[i], row, before))
			mask |= UINT64_C(1) << i;
	record_put(b, mask);
	for (unsigned i = 0; i < kind->count; i++)
		if (mask >> i & 1)
			put_member(b, &kind->members[i], row, before);
}

static void
put_run(struct record_buffer *b, enum operation operation, size_t n)
{
	if (n > 0)
		record_put(b, (uint64_t)n << OPERATION_BITS | operation);
}

/* Where the row stands in the earlier list, from a place on; or its end. */
static size_t
find(const struct rows_kind *kind, const uint8_t *row, const void *before,
    size_t from, size_t count)
{
	size_t i = from;

	while (i < count &&
	    !is_same(kind, kind->keys, row, row_at(kind, before, i)))
		i++;
	return i;
}

void
rows_put(struct record_buffer *b, const struct rows_kind *kind, const void *now,
    size_t count, const void *before, size_t before_count)
{
	static const uint8_t nothing[ROW_MAX];
	size_t place = 0, kept = 0;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *row = row_at(kind, now, i);
		size_t found = find(kind, row, before, place, before_count);
		const uint8_t *old = found < before_count
		    ? row_at(kind, before, found)
		    : nothing;

		if (found == place && found < before_count &&
		    is_same(kind, kind->count, row, old)) {
			kept++;
			place++;
			continue;
		}
		put_run(b, KEEP, kept);
		kept = 0;
		if (found == before_count) {
			put_run(b, ADD, 1);
			put_row(b, kind, row, old);
			continue;
		}
		put_run(b, DROP, found - place);
		put_run(b, CHANGE, 1);
		put_row(b, kind, row, old);
		place = found + 1;
	}
	put_run(b, KEEP, kept);
}

static void
get_member(struct record_cursor *c, const struct member *m, uint8_t *row)
{
	if (m->form == MEMBER_NUMBER)
		store(m, row, load(m, row) + (uint64_t)record_get_signed(c));
	else if (m->form == MEMBER_BYTES)
		record_get_bytes(c, row + m->offset, m->size);
	else
		record_get_text(c, (char *)row + m->offset, m->size);
}

/* Members that are not known here are written as texts are. */
static void
get_row(struct record_cursor *c, const struct rows_kind *kind, uint8_t *row)
{
	uint64_t mask = record_get(c);
	char unknown[1];

	for (unsigned i = 0; i < 64; i++) {
		if ((mask >> i & 1) == 0)
			continue;
		if (i < kind->count)
			get_member(c, &kind->members[i], row);
		else
			record_get_text(c, unknown, sizeof unknown);
	}
}

void
rows_get(struct record_cursor *c, const struct rows_kind *kind,
    const void *before, size_t before_count,
    int (*add)(void *arg, const void *row), void *arg)
{
	_Alignas(uint64_t) uint8_t row[ROW_MAX];
	size_t place = 0;

	while (c->at < c->end && !c->failed) {
		uint64_t word = record_get(c);
		enum operation operation = word & ((1 << OPERATION_BITS) - 1);
		uint64_t n = word >> OPERATION_BITS;
		size_t rest = before_count - place;

		c->failed |= operation == ADD ? n != 1 : n > rest;
		c->failed |= operation == CHANGE && n != 1;
		for (; n > 0 && !c->failed; n--) {
			memset(row, 0, sizeof row);
			if (operation != ADD)
				memcpy(row, row_at(kind, before, place++),
				    kind->size);
			if (operation == ADD || operation == CHANGE)
				get_row(c, kind, row);
			if (operation != DROP && !c->failed &&
			    add(arg, row) < 0)
				c->failed = true;
		}
	}
}
