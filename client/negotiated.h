/*
 * negotiated: what connections agreed on, and how many of them on the same.
 *
 * Rule:	one writer; all zero at first; to be read when that is gone.
 * Use:
 *	names = tls_params_names(&conn->tls);
 *	negotiated_add(&tally->negotiated, &names, 1);
 *	for (i = 0; (p = negotiated_nth(&totals->negotiated, i)) != NULL; i++)
 */
#ifndef CLIENT_NEGOTIATED_H
#define CLIENT_NEGOTIATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_names;

enum {
	NEGOTIATED_NAME = 32,
	NEGOTIATED_ENTRIES = 8 /* the last takes all further ones: "other" */
};

/* See struct tls_names. */
struct negotiated_params {
	char version[NEGOTIATED_NAME];
	char suite[NEGOTIATED_NAME];
	char group[NEGOTIATED_NAME];
	char signature[NEGOTIATED_NAME];
	bool is_post_quantum;
	char alpn[NEGOTIATED_NAME]; /* cut where it is longer */
	uint64_t connections;       /* 0 ends the list */
};

struct negotiated {
	struct negotiated_params of[NEGOTIATED_ENTRIES];
};

void negotiated_add(
    struct negotiated *n, const struct tls_names *names, uint64_t connections);

void negotiated_merge(struct negotiated *into, const struct negotiated *from);

/* From 0, in the order in which they came; NULL: there are no more. */
const struct negotiated_params *negotiated_nth(
    const struct negotiated *n, unsigned i);

#endif
