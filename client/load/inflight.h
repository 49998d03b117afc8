/*
 * inflight: the messages that are under way on one connection, oldest first:
 * what of them is still to be sent, and what has come back.
 *
 * A byte stream knows no messages: an echo may come in other pieces than those
 * that were sent, and one piece may hold the end of one message and the start
 * of the next. Echoes are compared in the order in which messages were added.
 *
 * Borrows:	the slots, which the caller allocates once, and the messages.
 * Use:
 *	inflight_init(&inflight, slots, 16);
 *	inflight_add(&inflight, message, len, 0);
 *	piece = inflight_next(&inflight, 16384, &n);
 *	inflight_sent(&inflight, n, now_ns);
 *	taken = inflight_match(&inflight, bytes, n);
 *	if (inflight_finished(&inflight))
 *		latency_ns = now_ns - inflight_pop(&inflight)->began_ns;
 */
#ifndef CLIENT_LOAD_INFLIGHT_H
#define CLIENT_LOAD_INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflight_slot {
	const uint8_t *bytes;
	uint32_t len;
	int64_t began_ns; /* 0: when its first byte is sent */
	int64_t sent_ns;  /* when that was handed to TLS */
};

struct inflight {
	struct inflight_slot *slots;
	unsigned size;
	unsigned first;  /* slot of the oldest message */
	unsigned count;  /* of messages */
	unsigned whole;  /* how many, from the oldest on, are sent entirely */
	uint32_t sent;   /* bytes sent of the message after those */
	uint32_t echoed; /* bytes of the oldest that have come back */
	uint64_t popped; /* bytes of those that were taken out */
};

/* size: how many slots there are, at least one. */
void inflight_init(
    struct inflight *inflight, struct inflight_slot *slots, unsigned size);

/* Forgets all messages. */
void inflight_clear(struct inflight *inflight);

static inline bool
inflight_is_full(const struct inflight *in)
{
	return in->count == in->size;
}

static inline bool
inflight_is_empty(const struct inflight *in)
{
	return in->count == 0;
}

/* If it is not full. 1 <= len < 2^32. began_ns 0: when it is sent. */
void inflight_add(struct inflight *inflight, const uint8_t *bytes, size_t len,
    int64_t began_ns);

static inline bool
inflight_has_unsent(const struct inflight *in)
{
	return in->whole < in->count;
}

/* If anything is unsent: the next 1 to max bytes of one message. */
const uint8_t *inflight_next(
    const struct inflight *inflight, size_t max, size_t *n);

/* n bytes of what inflight_next returned were handed to TLS. */
void inflight_sent(struct inflight *inflight, size_t n, int64_t now_ns);

/*
 * Takes bytes that came back, up to the end of a message, and returns how many;
 * 0 if they are not what was sent.
 */
size_t inflight_match(
    struct inflight *inflight, const uint8_t *bytes, size_t n);

/* Whether these bytes are all that was sent, when nothing has come back yet. */
bool inflight_is_all_sent(
    const struct inflight *inflight, const uint8_t *bytes, size_t n);

/* What it was when inflight_match has returned 0; all but got and pool. */
struct mismatch_seen;
void inflight_look(const struct inflight *inflight, struct mismatch_seen *seen);

/* The oldest message has come back entirely, and can be taken out. */
static inline bool
inflight_finished(const struct inflight *in)
{
	return in->whole > 0 && in->echoed == in->slots[in->first].len;
}

/* When the oldest message began, of at least one. */
int64_t inflight_oldest(const struct inflight *inflight);

/* Takes out the oldest message, which has come back; its slot stays as it is
 * until a message is added. */
const struct inflight_slot *inflight_pop(struct inflight *inflight);

#endif
