/*
 * canvas_case: what stands on a canvas, as text, and a server to be drawn.
 *
 * Errors:	all fail the test.
 * Use:
 *	canvas_case_add(&m, &(struct canvas_case){ .accepted = 5 });
 *	text = canvas_case_draw(&m, 24, 80);
 */
#ifndef TESTS_TOOLS_TERM_CANVAS_CASE_H
#define TESTS_TOOLS_TERM_CANVAS_CASE_H

#include "tools/term/canvas.h"
#include "tools/term/model.h"

/* All rows, in UTF-8, each with a LF; valid until the next call. */
const char *canvas_case_text(const struct canvas *c);

/* A sample of a server with two workers, as of a second since its start. */
struct canvas_case {
	int64_t second; /* at least 1 */
	int64_t start;  /* another server has another one */
	uint64_t accepted, ended, handshakes, reads, bytes, expired;
	unsigned stopped;  /* workers, from the first on */
	unsigned draining; /* the same */
	unsigned conns;    /* rows of the table of connections */
	int64_t days_left; /* of the certificate; 0: no certificate */
	int64_t crl_days;  /* since one was issued, and to the next; 0: none */
	bool is_dead;
	struct {
		const char *name;
		uint64_t value;
	} counters[3]; /* of the first worker; a NULL name ends them */
};

void canvas_case_add(struct model *m, const struct canvas_case *what);

/* Draws in ASCII, and returns the text without blanks at the ends of lines. */
const char *canvas_case_draw(struct model *m, unsigned rows, unsigned columns);

#endif
