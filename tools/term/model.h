/*
 * model: what the viewer knows and what the user has chosen. Keys change it,
 * views draw it, and neither knows a terminal.
 *
 * Owns:	the samples, the history and the lists.
 * Use:
 *	if (model_init(&m, interval_ns, false) < 0) ...
 *	model_add(&m, sample);
 *	page_draw_all(&m, &canvas);
 *	model_fini(&m);
 */
#ifndef TOOLS_TERM_MODEL_H
#define TOOLS_TERM_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/sample/conns.h"
#include "tools/sample/history.h"
#include "tools/sample/sample.h"
#include "tools/term/list.h"

enum page_id {
	PAGE_OVERVIEW,
	PAGE_COUNTERS,
	PAGE_WORKERS,
	PAGE_CONNS,
	PAGE_LATENCY,
	PAGE_FAILURES,
	PAGES
};

struct model {
	struct sample *now, *before; /* NULL until there are any */
	struct sample *base;         /* "since I looked", or NULL */
	struct history *history;
	struct conns_list conns; /* into now; of the list of connections */
	struct list lists[PAGES];
	enum page_id page;
	int64_t interval_ns;
	unsigned speed; /* of a recording */
	bool shows_all; /* also zeros, and what is of level detail */
	bool is_paused;
	bool is_recorded;
	bool is_waiting;  /* there is no server */
	bool is_ended;    /* of the recording */
	bool has_details; /* of the row at the cursor */
	bool has_help;
	unsigned help_top; /* the line at its top */
	bool is_typing;    /* a filter */
	bool is_stale;     /* the list is to be filled in anew */
};

/* 0, or -1: no memory. */
int model_init(struct model *m, int64_t interval_ns, bool is_recorded);
void model_fini(struct model *m);

/* Takes ownership of the sample. 0, or -1: no memory for its history. */
int model_add(struct model *m, struct sample *sample);

/* Keeps five minutes of history at this interval, if there is memory. */
void model_set_interval(struct model *m, int64_t interval_ns);

/* Zeros of growing values are those of now; or again those of the server. */
void model_toggle_base(struct model *m);

/* The value of a field over all slots, less that of the base if it grows. */
uint64_t model_total(const struct model *m, unsigned field);
uint64_t model_value(const struct model *m, unsigned slot, unsigned field);

/* By name: 0 where the server has no such field. */
uint64_t model_total_of(const struct model *m, const char *name);

/*
 * Growth per second over the last so many ns (0: since the last sample) of all
 * slots, by time; 0 where there is nothing to compare with.
 */
double model_rate(const struct model *m, unsigned field, int64_t window_ns);
double model_rate_of(const struct model *m, const char *name, int64_t window);
/* Of one slot, since the last sample. */
double model_slot_rate(const struct model *m, unsigned slot, const char *name);

/* CPU of a slot since the last sample, 1 for one core; negative: unknown. */
double model_cpu(const struct model *m, unsigned slot);

/* The 99th percentile of a slot's histogram since the last sample, or 0. */
uint64_t model_slot_p99(const struct model *m, unsigned slot, const char *name);

/* Workers that are used, and of these those in a state that matters. */
struct model_workers {
	unsigned count, stopped, stalled, draining;
};
struct model_workers model_workers(const struct model *m);

#endif
