/* canvas_case: see the header. */
#include "tests/tools/term/canvas_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "common/base/clock.h"
#include "tools/sample/build.h"
#include "tools/term/page.h"

enum {
	TEXT = 1 << 18,
	WORKERS = 2,
	DAY_S = 86400
};

#define WALL_S INT64_C(1700000000)

const char *
canvas_case_text(const struct canvas *c)
{
	static char text[TEXT];
	char *at = text;
	mbstate_t state = { 0 };

	ck_assert_uint_lt((size_t)c->rows * (c->columns * 4 + 1), TEXT);
	for (unsigned row = 0; row < c->rows; row++) {
		for (unsigned column = 0; column < c->columns; column++) {
			wchar_t character =
			    canvas_cell(c, row, column)->character;

			if (character != 0)
				at += wcrtomb(at, character, &state);
		}
		*at++ = '\n';
	}
	*at = '\0';
	return text;
}

static void
set(struct sample *s, unsigned slot, const char *name, uint64_t value)
{
	int field = sample_find(s, name);

	ck_assert_int_ge(field, 0);
	sample_set_value(s, slot, (unsigned)field, value);
}

static void
add_time(struct sample *s, const char *name, int64_t ns, uint64_t n)
{
	struct hist *h = sample_make_hist(s, 1, (unsigned)sample_find(s, name));

	ck_assert_ptr_nonnull(h);
	hist_add(h, ns, n);
}

static void
add_conns(struct sample *s, const struct canvas_case *what)
{
	for (unsigned i = 0; i < what->conns; i++) {
		struct stats_row row = { .state = STATS_ROW_OPEN,
			.id = 1 + i,
			.bytes_received =
			    UINT64_C(100) * (i + 1) * (uint64_t)what->second,
			.opened_ns = CLOCK_NS_PER_S,
			.port = (uint16_t)(1000 + i),
			.address = { [10] = 0xff, 0xff, 192, 0, 2, 1 },
			.version = 0x0304,
			.suite = 0x1302 };

		(void)snprintf(row.name, sizeof row.name, "CN=client-%u", i);
		ck_assert_int_eq(sample_add_conn(s, 1 + i % WORKERS, &row), 0);
	}
}

static void
fill_slots(struct sample *s, const struct canvas_case *what)
{
	for (unsigned i = 1; i <= WORKERS; i++) {
		struct sample_slot *slot = sample_edit_slot(s, i);

		slot->state = i <= what->draining ? STATS_SLOT_DRAINING
						  : STATS_SLOT_READY;
		slot->pid = (pid_t)(4710 + i);
		slot->is_stopped = i <= what->stopped;
		slot->cpu_ns = what->second * CLOCK_NS_PER_S / 4;
		slot->age_ns = 90 * CLOCK_NS_PER_S;
		slot->memory_bytes = 5 << 20;
	}
	set(s, 1, "accepted", what->accepted);
	set(s, 1, "ended", what->ended);
	set(s, 1, "open", what->accepted - what->ended);
	set(s, 1, "handshakes_completed", what->handshakes);
	set(s, 1, "read_operations", what->reads);
	set(s, 2, "bytes_received", what->bytes);
	set(s, 2, "handshakes_failed", what->expired);
	set(s, 2, "handshake_expired", what->expired);
	for (unsigned i = 0; i < 3 && what->counters[i].name != NULL; i++)
		set(s, 1, what->counters[i].name, what->counters[i].value);
	if (what->days_left != 0)
		set(s, 0, "certificate_not_after",
		    (uint64_t)(WALL_S + what->days_left * DAY_S + 100));
	if (what->crl_days != 0) {
		set(s, 0, "crl_this_update",
		    (uint64_t)(WALL_S - what->crl_days * DAY_S));
		set(s, 0, "crl_next_update",
		    (uint64_t)(WALL_S + what->crl_days * DAY_S + 100));
	}
	add_time(s, "echo_time", 50000, what->reads);
}

void
canvas_case_add(struct model *m, const struct canvas_case *what)
{
	const struct sample_server server = { .name = "web",
		.program = "demo 1.0",
		.pid = 4700,
		.start_ns = 1 + what->start,
		.is_alive = !what->is_dead };
	struct stats_field fields[STATS_FIELDS];
	struct stats_offender offender = { .cause = "expired",
		.name = "CN=mallory",
		.address = { [10] = 0xff, 0xff, 192, 0, 2, 9 },
		.port = 99,
		.wall_ns = WALL_S * CLOCK_NS_PER_S };
	struct sample *s;

	stats_describe(fields);
	s = sample_new(&server, fields, STATS_FIELDS, 1 + WORKERS);
	ck_assert_ptr_nonnull(s);
	sample_set_times(s, what->second * CLOCK_NS_PER_S,
	    (WALL_S + what->second) * CLOCK_NS_PER_S);
	fill_slots(s, what);
	add_conns(s, what);
	if (what->expired > 0)
		ck_assert_int_eq(sample_add_offender(s, &offender), 0);
	ck_assert_int_eq(sample_finish(s), 0);
	ck_assert_int_eq(model_add(m, s), 0);
}

/* Takes away blanks at the ends of lines. */
static const char *
trim(const char *text)
{
	static char trimmed[TEXT];
	char *to = trimmed;

	for (; *text != '\0'; text++) {
		while (*text == '\n' && to > trimmed && to[-1] == ' ')
			to--;
		*to++ = *text;
	}
	*to = '\0';
	return trimmed;
}

const char *
canvas_case_draw(struct model *m, unsigned rows, unsigned columns)
{
	struct canvas c;
	const char *text;

	ck_assert_int_eq(canvas_init(&c, rows, columns, true), 0);
	page_draw_all(m, &c);
	text = trim(canvas_case_text(&c));
	canvas_fini(&c);
	return text;
}
