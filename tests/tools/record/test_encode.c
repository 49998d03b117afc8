/*
 * Tests of tools/record/encode and all that it calls: whatever happens to a
 * server, and to those after it, comes back from a recording as it was.
 */
#include "tools/record/encode.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tools/record/ages.h"
#include "tools/record/replay.h"
#include "tools/record/writer.h"
#include "tools/sample/build.h"

enum {
	SEQUENCES = 40,
	STEPS = 60,
	SLOTS = 4,
	ROWS = 6, /* of a slot */
	OFFENDERS = 5,
};

enum {
	ACCEPTED,
	ENDED,
	OPEN,
	DATE,
	TIME,
	FOREIGN, /* its buckets become unknown when it has any */
	FIELDS
};

static const struct stats_field fields[FIELDS] = {
	{ .name = "accepted", .help = "a", .kind = STATS_KIND_TOTAL },
	{ .name = "ended", .help = "b", .kind = STATS_KIND_TOTAL },
	{ .name = "open",
	    .help = "c",
	    .kind = STATS_KIND_DIFFERENCE,
	    .plus = ACCEPTED,
	    .minus = ENDED },
	{ .name = "date", .help = "d", .kind = STATS_KIND_GAUGE },
	{ .name = "echo_time", .help = "e", .kind = STATS_KIND_HIST },
	{ .name = "foreign", .help = "f", .kind = STATS_KIND_HIST },
};

struct slot {
	struct sample_slot is;
	int64_t born_ns;
	uint64_t values[FIELDS];
	struct hist hist;
	struct stats_row rows[ROWS];
	unsigned row_count;
};

static struct {
	uint64_t random;
	struct sample_server server;
	int64_t now_ns, wall_ns;
	struct slot slots[SLOTS];
	struct stats_offender offenders[OFFENDERS];
	unsigned conns; /* at most, in a recorded sample */
} m;

/* xorshift64, Marsaglia 2003. */
static uint64_t
any(void)
{
	m.random ^= m.random << 13;
	m.random ^= m.random >> 7;
	m.random ^= m.random << 17;
	return m.random;
}

static unsigned
below(unsigned n)
{
	return (unsigned)(any() % n);
}

static bool
in_percent(unsigned n)
{
	return below(100) < n;
}

/* Text that a terminal may be shown, and nothing behind its end. */
static void
fill_text(char *text, size_t size)
{
	size_t length = below((unsigned)size);

	memset(text, 0, size);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + below(26));
}

static void
make_row(struct stats_row *row)
{
	memset(row, 0, sizeof *row);
	row->id = below(50);
	row->state = (uint8_t)(1 + below(STATS_ROW_TORN));
	row->port = (uint16_t)any();
	row->opened_ns = (int64_t)(any() >> 2);
	row->active_ns = (int64_t)(any() >> 2);
	row->bytes_received = any();
	row->version = (uint16_t)any();
	row->address[below(STATS_ROW_ADDRESS)] = (uint8_t)any();
	fill_text(row->name, sizeof row->name);
}

/* One goes, one comes, one changes; or two change places. */
static void
change_rows(struct slot *slot)
{
	struct stats_row *at = &slot->rows[below(ROWS)];
	struct stats_row kept = slot->rows[0];

	if (slot->row_count > 0 && in_percent(30))
		memmove(slot->rows, slot->rows + 1,
		    --slot->row_count * sizeof kept);
	if (slot->row_count < ROWS && in_percent(60))
		make_row(&slot->rows[slot->row_count++]);
	if (in_percent(30))
		at->bytes_received -= below(1000);
	if (in_percent(10)) {
		slot->rows[0] = *at;
		*at = kept;
	}
}

static void
change_offenders(void)
{
	struct stats_offender *last = &m.offenders[OFFENDERS - 1];

	memmove(
	    m.offenders, m.offenders + 1, sizeof m.offenders - sizeof *last);
	memset(last, 0, sizeof *last);
	last->wall_ns = m.wall_ns;
	last->reason = (uint16_t)any();
	last->has_alert = (uint8_t)below(3);
	fill_text(last->cause, sizeof last->cause);
	fill_text(last->name, sizeof last->name);
}

static void
change_values(struct slot *slot)
{
	slot->values[ACCEPTED] += below(3);
	slot->values[ENDED] = in_percent(5) ? any() : slot->values[ENDED];
	slot->values[OPEN] = slot->values[ACCEPTED] - slot->values[ENDED];
	slot->values[DATE] = in_percent(20) ? any() : slot->values[DATE];
	for (unsigned n = below(4); n > 0; n--)
		hist_add(&slot->hist, (int64_t)(any() >> below(63)) / 2,
		    1 + below(3));
	if (in_percent(5))
		memset(&slot->hist, 0, sizeof slot->hist);
	slot->values[TIME] = hist_count(&slot->hist);
	slot->values[FOREIGN] += in_percent(3);
}

/* The kernel's clock ticks, so an age is not exact. */
static int64_t
age_of(const struct slot *slot)
{
	int64_t age_ns = m.now_ns - slot->born_ns +
	    (int64_t)below((unsigned)AGES_SLACK_NS) - AGES_SLACK_NS / 2;

	return age_ns > 0 ? age_ns : 0;
}

/* Processes go and come, and may not be known. */
static void
change_process(struct slot *slot)
{
	if (in_percent(10)) {
		slot->is = (struct sample_slot){
			.age_ns = -1, .cpu_ns = -1, .memory_bytes = -1
		};
	} else if (slot->is.pid == 0 || in_percent(10)) {
		slot->is.pid = (pid_t)(1 + below(1 << 22));
		slot->is.state = STATS_SLOT_STARTING;
		slot->is.cpu_ns = slot->is.memory_bytes = 0;
		slot->born_ns = m.now_ns - below(1000000000);
	}
	if (slot->is.pid == 0)
		return;
	slot->is.state = (enum stats_state)below(STATS_SLOT_DRAINING + 1);
	slot->is.is_stopped = in_percent(10);
	slot->is.is_stalled = in_percent(10);
	slot->is.cpu_ns += below(1 << 30);
	slot->is.memory_bytes = (int64_t)(any() >> 20);
	slot->is.age_ns = age_of(slot);
}

/* Also after a boot, from which the monotonic clock begins. */
static void
start_server(void)
{
	memset(m.slots, 0, sizeof m.slots);
	memset(&m.server, 0, sizeof m.server);
	(void)strcpy(m.server.name, "default");
	fill_text(m.server.foreign_user, 4);
	m.server.pid = (pid_t)(1 + below(1 << 22));
	m.server.is_alive = true;
	m.now_ns = in_percent(50) ? m.now_ns : (int64_t)(any() >> 10);
	m.server.start_ns = m.now_ns;
	m.server.start_wall_ns = m.wall_ns;
	for (unsigned i = 0; i < SLOTS; i++)
		change_process(&m.slots[i]);
}

/* Seldom more than a second; and who sets the wall clock may set it back. */
static void
pass_time(void)
{
	int64_t step_ns = (int64_t)(any() >> (in_percent(10) ? 20 : 34));

	m.now_ns += step_ns;
	m.wall_ns += step_ns;
	if (in_percent(5))
		m.wall_ns -= (int64_t)(any() >> 12);
	if (m.wall_ns < 0)
		m.wall_ns = 0;
}

static void
step(void)
{
	pass_time();
	if (!m.server.is_alive)
		start_server();
	m.server.is_alive = !in_percent(5);
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!in_percent(70))
			continue;
		change_process(&m.slots[i]);
		change_values(&m.slots[i]);
		change_rows(&m.slots[i]);
	}
	for (unsigned i = 0; i < SLOTS; i++)
		if (m.slots[i].is.pid != 0)
			m.slots[i].is.age_ns = age_of(&m.slots[i]);
	if (in_percent(40))
		change_offenders();
}

static bool
has_foreign_buckets(void)
{
	for (unsigned i = 0; i < SLOTS; i++)
		if (m.slots[i].values[FOREIGN] > 0)
			return true;
	return false;
}

/* How many rows of each slot are recorded. */
static unsigned
share_of_slot(void)
{
	unsigned count = 0, owners = 0;

	for (unsigned i = 0; i < SLOTS; i++) {
		count += m.slots[i].row_count;
		owners += m.slots[i].row_count > 0;
	}
	return count > m.conns ? m.conns / owners : ROWS;
}

static void
put_slot(struct sample *s, unsigned i, unsigned rows)
{
	const struct slot *slot = &m.slots[i];

	*sample_edit_slot(s, i) = slot->is;
	for (unsigned field = 0; field < FIELDS; field++)
		sample_set_value(s, i, field, slot->values[field]);
	if (slot->values[TIME] > 0)
		memcpy(sample_make_hist(s, i, TIME), &slot->hist,
		    sizeof slot->hist);
	for (unsigned n = 0; n < slot->row_count && n < rows; n++)
		ck_assert_int_eq(sample_add_conn(s, i, &slot->rows[n]), 0);
}

static struct sample *
make_sample(unsigned rows)
{
	struct sample *s = sample_new(&m.server, fields, FIELDS, SLOTS);

	ck_assert_ptr_nonnull(s);
	sample_set_times(s, m.now_ns, m.wall_ns);
	for (unsigned i = 0; i < SLOTS; i++)
		put_slot(s, i, rows);
	for (unsigned i = 0; i < OFFENDERS; i++)
		ck_assert_int_eq(sample_add_offender(s, &m.offenders[i]), 0);
	if (has_foreign_buckets())
		sample_drop_hist(s, FOREIGN);
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

static void
write_sample(struct record_writer *w)
{
	struct sample *s = make_sample(ROWS);
	struct errmsg e;

	ck_assert_msg(record_writer_encode(w, s, &e) == 0 &&
		record_writer_flush(w, &e) == 0,
	    "%s", e.text);
	sample_free(&s);
}

static struct record_writer *
open_writer(void)
{
	struct record_writer *w;
	struct errmsg e;

	ck_assert_msg(
	    record_writer_open(&w, "a.rec", m.conns, &e) == 0, "%s", e.text);
	return w;
}

/* Writes what happens, and returns what has to be read. A recorder may be ended
 * and another one go on. */
static void
record(struct sample *expected[static STEPS])
{
	struct record_writer *w = open_writer();

	for (unsigned i = 0; i < STEPS; i++) {
		step();
		if (in_percent(3)) {
			record_writer_close(&w);
			w = open_writer();
		}
		write_sample(w);
		if (!m.server.is_alive)
			write_sample(w); /* which is known by then */
		expected[i] = make_sample(share_of_slot());
	}
	record_writer_close(&w);
}

TEST_LOOP(whatever_happens_comes_back, SEQUENCES)
{
	static const unsigned limits[] = { 0, 5, 12, 100 };
	struct sample *expected[STEPS], *s;
	struct source *source;
	struct errmsg e;

	m.random = (uint64_t)_i + 1;
	m.wall_ns = INT64_C(1770000000) * CLOCK_NS_PER_S;
	m.conns = limits[(unsigned)_i % TEST_ROWS(limits)];
	scratch_enter();
	record(expected);
	source = source_open_replay("a.rec", &e);
	ck_assert_msg(source != NULL, "%s", e.text);
	for (unsigned i = 0; i < STEPS; i++) {
		ck_assert_msg(source_next(source, &s, &e) == SOURCE_SAMPLE,
		    "sample %u: %s", i, e.text);
		recording_case_expect_equal(s, expected[i]);
		sample_free(&s);
		sample_free(&expected[i]);
	}
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_ENDED);
	source_close(&source);
	scratch_leave();
}

SUITE("tools/record/encode")
