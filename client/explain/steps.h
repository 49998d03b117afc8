/*
 * steps: what a connection that is explained has come to, step by step.
 *
 * Owns:	the lines of each step; steps_free.
 * Errors:	without memory for a line, it is left out.
 * Use:
 *	struct steps steps = STEPS_INIT;
 *	steps_detail(&steps, STEP_TCP, "%s: refused", address);
 *	steps_end(&steps, STEP_TCP, VERDICT_FAILED, took_ns, "refused");
 *	steps_blame(&steps, "nobody listens there", "start the server");
 *	steps_free(&steps);
 */
#ifndef CLIENT_EXPLAIN_STEPS_H
#define CLIENT_EXPLAIN_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sys/file.h"

enum step {
	STEP_NAME,
	STEP_TCP,
	STEP_HANDSHAKE,
	STEP_SERVER, /* its certificate */
	STEP_CLIENT, /* its certificate: asked for, sent, accepted */
	STEP_ECHO,
	STEP_RESUMPTION,
	STEP_CLOSE,
	STEPS
};

enum verdict {
	VERDICT_SKIPPED, /* it was not come to, or not asked for */
	VERDICT_OK,
	VERDICT_WARNING, /* does not change the exit status */
	VERDICT_FAILED,
};

enum {
	STEP_TEXT = 512,
	STEP_SENTENCE = 1024
};

struct step_result {
	enum verdict verdict;
	int64_t took_ns; /* -1: it took no time of its own */
	char text[STEP_TEXT];
	struct file_bytes details; /* lines, each with its '\n' */
};

struct steps {
	struct step_result of[STEPS];
	enum step failed; /* the first that has; STEPS: none */
	/* What it probably comes of and what to do: whole sentences without
	 * a full stop, which say "..." of the failed step; "": none has. */
	char cause[STEP_SENTENCE];
	char remedy[STEP_SENTENCE];
};

#define STEPS_INIT              \
	{                       \
		.failed = STEPS \
	}

void steps_free(struct steps *steps);

/* Adds a line to the step. */
void steps_detail(struct steps *steps, enum step step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void steps_end(struct steps *steps, enum step step, enum verdict verdict,
    int64_t took_ns, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Explains the first failure; of later ones nothing is kept. */
void steps_blame(struct steps *steps, const char *cause, const char *remedy);
void steps_blame_cause(struct steps *steps, const char *remedy,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* 0, or from 10 on for the first step that has failed. */
int steps_exit_status(const struct steps *steps);

const char *step_title(enum step step);         /* "client's certificate" */
const char *step_word(enum step step);          /* for JSON */
const char *verdict_word(enum verdict verdict); /* "ok", "failed" */

#endif
