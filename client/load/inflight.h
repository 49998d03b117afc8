/*
 * inflight: the messages that are under way on one connection, oldest first:
 * what of them is still to be sent, and what has come back.
 *
 * A byte stream knows no messages: an echo may come in other pieces than what
 * was sent, and one piece may hold the end of one message and the begin of the
 * next. Echoes are compared in the order in which messages were added.
 *
 * Borrows:	the slots, which the caller allocates once, and the messages.
 * Use:
 *	window_init(&window, slots, 16);
 *	window_add(&window, message, len, 0);
 *	piece = window_next(&window, 16384, &n);
 *	window_sent(&window, n, now_ns);
 *	taken = window_match(&window, bytes, n);
 *	if (window_finished(&window))
 *		latency_ns = now_ns - window_pop(&window);
 */
#ifndef CLIENT_LOAD_INFLIGHT_H
#define CLIENT_LOAD_INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WINDOW_MAX = 1024
};

struct window_slot {
	const uint8_t *bytes;
	uint32_t len;
	int64_t began_ns; /* 0: when its first byte is sent */
};

struct window {
	struct window_slot *slots;
	unsigned size;
	unsigned first;  /* slot of the oldest */
	unsigned count;  /* under way */
	unsigned whole;  /* of these, the oldest ones that are wholly sent */
	uint32_t sent;   /* of the one behind those, bytes that are sent */
	uint32_t echoed; /* of the oldest, bytes that have come back */
};

/* 1 <= size <= WINDOW_MAX. */
void window_init(
    struct window *window, struct window_slot *slots, unsigned size);

/* Forgets all messages. */
void window_clear(struct window *window);

static inline bool
window_is_full(const struct window *w)
{
	return w->count == w->size;
}

static inline bool
window_is_empty(const struct window *w)
{
	return w->count == 0;
}

/* When there is room. 1 <= len < 2^32. */
void window_add(
    struct window *window, const uint8_t *bytes, size_t len, int64_t began_ns);

static inline bool
window_has_unsent(const struct window *w)
{
	return w->whole < w->count;
}

/* What is to be sent next, if anything is: up to max bytes of one message. */
const uint8_t *window_next(const struct window *window, size_t max, size_t *n);
void window_sent(struct window *window, size_t n, int64_t now_ns);

/*
 * Takes bytes that came back, up to the end of a message, and returns how many;
 * 0 if they are not what was sent.
 */
size_t window_match(struct window *window, const uint8_t *bytes, size_t n);

/* The oldest has come back as a whole; then it can be taken out. */
static inline bool
window_finished(const struct window *w)
{
	return w->whole > 0 && w->echoed == w->slots[w->first].len;
}

/* When the oldest began. */
int64_t window_oldest(const struct window *window);
int64_t window_pop(struct window *window);

#endif
