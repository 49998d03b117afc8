/* inflight: a ring of messages and three marks in it; see the header. */
#include "client/load/inflight.h"

#include <string.h>

#include "common/base/assertion.h"

void
window_init(struct window *w, struct window_slot *slots, unsigned size)
{
	ASSERT(size >= 1 && size <= WINDOW_MAX);
	*w = (struct window){ .slots = slots, .size = size };
}

void
window_clear(struct window *w)
{
	window_init(w, w->slots, w->size);
}

/* i counts from the oldest; a division would cost more than all else here. */
static struct window_slot *
slot(const struct window *w, unsigned i)
{
	unsigned n = w->first + i;

	return &w->slots[n < w->size ? n : n - w->size];
}

void
window_add(struct window *w, const uint8_t *bytes, size_t len, int64_t began_ns)
{
	ASSERT(!window_is_full(w) && len > 0 && len <= UINT32_MAX);
	*slot(w, w->count++) = (struct window_slot){
		.bytes = bytes, .len = (uint32_t)len, .began_ns = began_ns
	};
}

const uint8_t *
window_next(const struct window *w, size_t max, size_t *n)
{
	const struct window_slot *s = slot(w, w->whole);

	*n = s->len - w->sent;
	if (*n > max)
		*n = max;
	return s->bytes + w->sent;
}

void
window_sent(struct window *w, size_t n, int64_t now_ns)
{
	struct window_slot *s = slot(w, w->whole);

	if (s->began_ns == 0)
		s->began_ns = now_ns;
	w->sent += (uint32_t)n;
	ASSERT(w->sent <= s->len);
	if (w->sent == s->len) {
		w->whole++;
		w->sent = 0;
	}
}

size_t
window_match(struct window *w, const uint8_t *bytes, size_t n)
{
	const struct window_slot *s = &w->slots[w->first];
	size_t expected = (w->whole > 0 ? s->len : w->sent) - w->echoed;

	if (n > expected)
		n = expected;
	if (n == 0 || memcmp(s->bytes + w->echoed, bytes, n) != 0)
		return 0;
	w->echoed += (uint32_t)n;
	return n;
}

int64_t
window_oldest(const struct window *w)
{
	return w->slots[w->first].began_ns;
}

/* An empty one begins anew, so that few messages touch few slots. */
int64_t
window_pop(struct window *w)
{
	int64_t began_ns = window_oldest(w);

	ASSERT(window_finished(w));
	w->echoed = 0;
	w->whole--;
	if (--w->count == 0 || ++w->first == w->size)
		w->first = 0;
	return began_ns;
}
