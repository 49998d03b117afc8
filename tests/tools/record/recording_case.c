/* recording_case: a server whose numbers are made from that of the sample. */
#include "tests/tools/record/recording_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "tools/record/ages.h"
#include "tools/record/writer.h"
#include "tools/sample/build.h"

#define SECOND    CLOCK_NS_PER_S
#define WALL_2026 (INT64_C(1770000000) * SECOND)

enum {
	SLOTS = 4
};

static const struct stats_field fields[] = {
	{ .name = "accepted", .help = "a", .kind = STATS_KIND_TOTAL },
	{ .name = "ended", .help = "b", .level = STATS_LEVEL_DETAIL },
	{ .name = "open",
	    .help = "c",
	    .kind = STATS_KIND_DIFFERENCE,
	    .plus = 0,
	    .minus = 1 },
	{ .name = "echo_time",
	    .help = "d",
	    .kind = STATS_KIND_HIST,
	    .unit = STATS_UNIT_NS },
	{ .name = "date",
	    .help = "e",
	    .kind = STATS_KIND_GAUGE,
	    .unit = STATS_UNIT_DATE },
	{ .name = "other", .help = "f", .kind = STATS_KIND_HIST },
};

enum {
	ACCEPTED,
	ENDED,
	OPEN,
	ECHO_TIME,
	DATE,
	OTHER,
	FIELDS
};

int64_t
recording_case_wall_ns(unsigned n)
{
	return WALL_2026 + n * SECOND;
}

static void
fill_slot(struct sample *s, unsigned slot, unsigned n)
{
	struct sample_slot *what = sample_edit_slot(s, slot);
	struct hist *h;

	what->state = slot == n % 7 ? STATS_SLOT_EMPTY : STATS_SLOT_READY;
	what->pid = (pid_t)(1000 + slot);
	what->is_stalled = n % 5 == slot;
	what->is_stopped = n % 6 == slot;
	what->cpu_ns = slot == 0 ? -1 : (int64_t)n * 10000000;
	what->age_ns = slot == 0 ? -1 : (int64_t)(n % 6 + slot) * SECOND;
	what->memory_bytes = slot == 0 ? -1 : 5 << 20;
	sample_set_value(s, slot, ACCEPTED, (uint64_t)n * slot);
	sample_set_value(s, slot, ENDED, n / 2 * slot);
	sample_set_value(s, slot, OPEN, (n - n / 2) * slot);
	sample_set_value(s, slot, ECHO_TIME, n);
	sample_set_value(s, slot, DATE, slot == 2 ? UINT64_MAX : 0);
	if (slot < 2 || n == 0)
		return;
	h = sample_make_hist(s, slot, ECHO_TIME);
	for (unsigned i = 0; i < n; i++)
		hist_add(h, (int64_t)i * i * 1000, slot);
}

/* Each sample a connection has gone, one has come, and one has got data. */
static void
fill_conns(struct sample *s, unsigned n)
{
	for (unsigned i = 0; i < RECORDING_CASE_CONNS; i++) {
		struct stats_row row = { .id = n + i,
			.state = STATS_ROW_OPEN,
			.port = (uint16_t)(40000 + n + i),
			.opened_ns = (n + i) * SECOND,
			.version = 0x0304,
			.address = { [15] = 1 },
			.name = "CN=alice" };

		if (i == 3)
			row.bytes_received = row.read_operations = 100 + n;
		ck_assert_int_eq(sample_add_conn(s, i < 3 ? 1 : 2, &row), 0);
	}
}

static void
fill_offenders(struct sample *s, unsigned n)
{
	for (unsigned i = n < 5 ? 0 : n - 5; i < n; i++) {
		struct stats_offender o = { .wall_ns =
						recording_case_wall_ns(i),
			.port = (uint16_t)i,
			.has_alert = STATS_ALERT_SENT,
			.alert = 48,
			.cause = "unknown_issuer",
			.name = "CN=mallory" };

		ck_assert_int_eq(sample_add_offender(s, &o), 0);
	}
}

struct sample *
recording_case_sample(unsigned n)
{
	struct sample_server server = { .name = "default",
		.program = "demo 1.0",
		.pid = (pid_t)(10 + n / RECORDING_CASE_SERVER),
		.start_ns = SECOND,
		.start_wall_ns = WALL_2026 - SECOND,
		.is_alive =
		    n % RECORDING_CASE_SERVER < RECORDING_CASE_SERVER - 1 };
	struct sample *s = sample_new(&server, fields, FIELDS, SLOTS);

	ck_assert_ptr_nonnull(s);
	sample_set_times(s, (10 + n) * SECOND, recording_case_wall_ns(n));
	for (unsigned slot = 0; slot < SLOTS; slot++)
		fill_slot(s, slot, n % RECORDING_CASE_SERVER);
	fill_conns(s, n);
	fill_offenders(s, n);
	sample_drop_hist(s, OTHER);
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

void
recording_case_write(const char *path, unsigned first, unsigned end)
{
	struct record_writer *w;
	struct errmsg e;

	ck_assert_msg(record_writer_open(&w, path, 100, &e) == 0, "%s", e.text);
	for (unsigned n = first; n < end; n++) {
		struct sample *s = recording_case_sample(n);

		ck_assert_msg(record_writer_encode(w, s, &e) == 0 &&
			record_writer_flush(w, &e) == 0,
		    "%s", e.text);
		sample_free(&s);
	}
	record_writer_close(&w);
}

off_t
recording_case_size(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

static void
expect_equal_slots(
    const struct sample *a, const struct sample *b, unsigned slot)
{
	const struct sample_slot *x = sample_slot(a, slot);
	const struct sample_slot *y = sample_slot(b, slot);

	ck_assert_int_eq(x->state, y->state);
	ck_assert_int_eq(x->pid, y->pid);
	ck_assert_int_eq(x->is_stalled, y->is_stalled);
	ck_assert_int_eq(x->is_stopped, y->is_stopped);
	ck_assert_int_eq(x->cpu_ns, y->cpu_ns);
	ck_assert_int_eq(x->age_ns < 0, y->age_ns < 0);
	ck_assert_int_lt(llabs(x->age_ns - y->age_ns), AGES_SLACK_NS);
	ck_assert_int_eq(x->memory_bytes, y->memory_bytes);
	for (unsigned i = 0; i < sample_field_count(a); i++) {
		const struct hist *g = sample_slot_hist(a, slot, i);
		const struct hist *h = sample_slot_hist(b, slot, i);

		ck_assert_uint_eq(
		    sample_value(a, slot, i), sample_value(b, slot, i));
		ck_assert_int_eq(g == NULL, h == NULL);
		if (g != NULL)
			ck_assert_mem_eq(g, h, sizeof *g);
	}
}

static void
expect_equal_servers(
    const struct sample_server *x, const struct sample_server *y)
{
	ck_assert_str_eq(x->name, y->name);
	ck_assert_str_eq(x->program, y->program);
	ck_assert_str_eq(x->foreign_user, y->foreign_user);
	ck_assert_int_eq(x->pid, y->pid);
	ck_assert_int_eq(x->start_ns, y->start_ns);
	ck_assert_int_eq(x->start_wall_ns, y->start_wall_ns);
	ck_assert_int_eq(x->is_alive, y->is_alive);
}

static void
expect_equal_rows(const struct sample *a, const struct sample *b)
{
	const struct stats_offender *o, *p;
	const struct sample_conn *c, *d;
	size_t n, m;

	c = sample_conns(a, &n);
	d = sample_conns(b, &m);
	ck_assert_uint_eq(n, m);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(c[i].slot, d[i].slot);
		ck_assert_mem_eq(&c[i].row, &d[i].row, sizeof c->row);
	}
	o = sample_offenders(a, &n);
	p = sample_offenders(b, &m);
	ck_assert_uint_eq(n, m);
	for (size_t i = 0; i < n; i++)
		ck_assert_mem_eq(&o[i], &p[i], sizeof *o);
}

void
recording_case_expect_equal(const struct sample *a, const struct sample *b)
{
	ck_assert(sample_same_server(a, b));
	expect_equal_servers(sample_server(a), sample_server(b));
	ck_assert_int_eq(sample_time_ns(a), sample_time_ns(b));
	ck_assert_int_eq(sample_wall_ns(a), sample_wall_ns(b));
	ck_assert_mem_eq(sample_field(a, 0), sample_field(b, 0),
	    sample_field_count(a) * sizeof(struct stats_field));
	for (unsigned i = 0; i < sample_field_count(a); i++)
		ck_assert_int_eq(
		    sample_hist(a, i) == NULL, sample_hist(b, i) == NULL);
	for (unsigned slot = 0; slot < sample_slot_count(a); slot++)
		expect_equal_slots(a, b, slot);
	expect_equal_rows(a, b);
}
