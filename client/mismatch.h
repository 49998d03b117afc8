/*
 * mismatch: the first byte of an echo that is not what was sent: where it is,
 * what stands around it, and what it looks like.
 *
 * Rule:	as for the tally, of which it is a part.
 * Use:
 *	struct mismatch_seen seen = { .message = bytes, .size = len, ... };
 *	mismatch_fill(&tally->mismatch, &seen);
 *	if (tally->mismatch.time_ns != 0) ...
 */
#ifndef CLIENT_MISMATCH_H
#define CLIENT_MISMATCH_H

#include <stddef.h>
#include <stdint.h>

enum {
	MISMATCH_LEAD = 8,   /* at most so many right bytes in front of it */
	MISMATCH_BYTES = 32, /* with those */
	MISMATCH_TEXT = 64
};

/* Offsets count from 0. */
struct mismatch {
	int64_t time_ns; /* 0: there is none */
	unsigned connection, worker;
	uint64_t stream_offset; /* in all that came on the connection */
	uint32_t message_offset;
	uint32_t message_size; /* 0: no message was under way */
	uint8_t lead;          /* how many of the bytes below are right */
	uint8_t wanted_size, got_size;
	uint8_t wanted[MISMATCH_BYTES], got[MISMATCH_BYTES];
	char looks_like[MISMATCH_TEXT]; /* "an HTTP response"; "": unknown */
};

/* What a connection has seen when an echo is wrong. */
struct mismatch_seen {
	const uint8_t *message; /* the oldest under way, in all */
	size_t size;            /* 0: there is none */
	size_t echoed;          /* bytes of it that have come before */
	size_t sent;            /* bytes of it that can have come by now */
	const uint8_t *got;     /* what has come after those */
	size_t got_size;        /* at least 1 */
	const uint8_t *pool;    /* of what messages are made; or NULL */
	size_t pool_size;
};

/*
 * All but time, connection and worker; stream_offset is set to the offset in
 * the message, to which the caller adds what came before that.
 */
void mismatch_fill(struct mismatch *mismatch, const struct mismatch_seen *seen);

#endif
