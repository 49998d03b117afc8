/* term: the loop; see the header. */
#include "tools/term/term.h"

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/utc.h"
#include "tools/term/keys.h"
#include "tools/term/model.h"
#include "tools/term/page.h"
#include "tools/term/series.h"
#include "tools/term/terminal.h"

/* How soon the next server is looked for. */
#define RETRY_NS (200 * CLOCK_NS_PER_MS)

struct term {
	struct source *source;
	struct terminal *terminal;
	struct model model;
	int64_t taken_ns; /* when the last sample was taken */
	bool is_ascii;
};

bool
term_is_possible(void)
{
	return terminal_is_capable();
}

/* 0, or -1: no memory. */
static int
take(struct term *t, struct errmsg *e)
{
	struct model *m = &t->model;
	struct sample *sample;

	t->taken_ns = clock_now_ns();
	switch (source_next(t->source, &sample, e)) {
	case SOURCE_SAMPLE:
		if (model_add(m, sample) == 0)
			return 0;
		return errmsg_set(e, "out of memory");
	case SOURCE_ENDED:
		m->is_ended = m->is_paused = true;
		break;
	case SOURCE_FAILED:
		if (m->is_recorded)
			return -1; /* damaged */
		m->is_waiting = true;
		break;
	case SOURCE_WAITING:
		m->is_waiting = true;
		break;
	}
	return 0;
}

/* When the next sample is due. */
static int64_t
due_ns(const struct term *t)
{
	const struct model *m = &t->model;
	bool is_dead = m->now != NULL && !sample_server(m->now)->is_alive;

	if (m->is_paused)
		return INT64_MAX;
	if (m->is_recorded)
		return t->taken_ns + source_gap_ns(t->source) / m->speed;
	if ((m->is_waiting || is_dead) && m->interval_ns > RETRY_NS)
		return t->taken_ns + RETRY_NS;
	return t->taken_ns + m->interval_ns;
}

static int
draw(struct term *t, struct errmsg *e)
{
	struct canvas c;
	unsigned rows;
	unsigned columns;

	terminal_size(t->terminal, &rows, &columns);
	if (canvas_init(&c, rows, columns, t->is_ascii) < 0)
		return errmsg_set(e, "out of memory");
	page_draw_all(&t->model, &c);
	terminal_show(t->terminal, &c);
	canvas_fini(&c);
	return 0;
}

/* Goes through the minutes before, too, so that there are graphs. */
static int
seek(struct term *t, int64_t by_ns, struct errmsg *e)
{
	struct model *m = &t->model;
	bool was_paused = m->is_paused && !m->is_ended;
	int64_t to_ns = sample_wall_ns(m->now) + by_ns;

	source_seek(t->source, by_ns - SERIES_SPAN_NS);
	m->is_ended = false;
	do
		if (take(t, e) < 0)
			return -1;
	while (!m->is_ended && sample_wall_ns(m->now) < to_ns);
	m->is_paused = was_paused || m->is_ended;
	return 0;
}

/* 1: go on; 0: the end; -1: an error. */
static int
press(struct term *t, int key, struct errmsg *e)
{
	switch (keys_press(&t->model, key)) {
	case KEYS_QUIT:
		return 0;
	case KEYS_REDRAW:
		terminal_spoil(t->terminal);
		break;
	case KEYS_BACK_10_S:
		return seek(t, -10 * CLOCK_NS_PER_S, e) < 0 ? -1 : 1;
	case KEYS_FORWARD_10_S:
		return seek(t, 10 * CLOCK_NS_PER_S, e) < 0 ? -1 : 1;
	case KEYS_BACK_MINUTE:
		return seek(t, -60 * CLOCK_NS_PER_S, e) < 0 ? -1 : 1;
	case KEYS_FORWARD_MINUTE:
		return seek(t, 60 * CLOCK_NS_PER_S, e) < 0 ? -1 : 1;
	case KEYS_INTERVAL:
	case KEYS_DRAW:
		break;
	}
	return 1;
}

static int
step(struct term *t, struct errmsg *e)
{
	int key;

	switch (terminal_wait(t->terminal, due_ns(t), &key)) {
	case TERMINAL_TIME:
		return take(t, e) < 0 ? -1 : 1;
	case TERMINAL_KEY:
		return press(t, key, e);
	case TERMINAL_END:
		return 0;
	case TERMINAL_CHANGED:
		break;
	}
	return 1;
}

static enum term_result
loop(struct term *t, struct errmsg *e)
{
	int result;

	do {
		if (draw(t, e) < 0)
			return TERM_FAILED;
		result = step(t, e);
	} while (result > 0);
	return result == 0 ? TERM_DONE : TERM_FAILED;
}

/* A server that is not there any more is an error for who does not wait. */
static int
check_first(
    const struct term *t, const struct term_options *o, struct errmsg *e)
{
	const struct sample_server *server;
	char start[UTC_TEXT];

	if (t->model.now == NULL)
		return o->waits ? 0 : -1;
	server = sample_server(t->model.now);
	if (server->is_alive || o->waits || t->model.is_recorded)
		return 0;
	return errmsg_set(e,
	    "the server of segment '%s' is dead: %s, pid %d, started %s",
	    server->name, server->program, (int)server->pid,
	    utc_format(server->start_wall_ns / CLOCK_NS_PER_S, start));
}

static enum term_result
run(struct term *t, const struct term_options *o, struct errmsg *e)
{
	enum term_result result;

	t->model.shows_all = o->shows_all;
	if (o->view > 0 && o->view <= PAGES)
		t->model.page = (enum page_id)(o->view - 1);
	if (take(t, e) < 0 || check_first(t, o, e) < 0)
		return TERM_FAILED;
	if (terminal_open(&t->terminal, e) < 0)
		return TERM_IMPOSSIBLE;
	t->is_ascii = o->is_ascii || terminal_is_ascii(t->terminal);
	result = loop(t, e);
	terminal_close(&t->terminal);
	return result;
}

enum term_result
term_run(struct source *source, const struct term_options *o, struct errmsg *e)
{
	struct term t = { .source = source };
	enum term_result result = TERM_FAILED;

	errmsg_set(e, "out of memory");
	if (model_init(&t.model, o->interval_ns, source_is_recorded(source)) ==
	    0)
		result = run(&t, o, e);
	model_fini(&t.model);
	return result;
}
