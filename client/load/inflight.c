/* inflight: a ring of messages and three marks in it; see the header. */
#include "client/load/inflight.h"

#include <string.h>

#include "common/base/assertion.h"

void
inflight_init(struct inflight *w, struct inflight_slot *slots, unsigned size)
{
	ASSERT(size >= 1);
	*w = (struct inflight){ .slots = slots, .size = size };
}

void
inflight_clear(struct inflight *w)
{
	inflight_init(w, w->slots, w->size);
}

/* i counts from the oldest; a division would cost more than all else here. */
static struct inflight_slot *
slot(const struct inflight *w, unsigned i)
{
	unsigned n = w->first + i;

	return &w->slots[n < w->size ? n : n - w->size];
}

void
inflight_add(
    struct inflight *w, const uint8_t *bytes, size_t len, int64_t began_ns)
{
	ASSERT(!inflight_is_full(w) && len > 0 && len <= UINT32_MAX);
	*slot(w, w->count++) = (struct inflight_slot){
		.bytes = bytes, .len = (uint32_t)len, .began_ns = began_ns
	};
}

const uint8_t *
inflight_next(const struct inflight *w, size_t max, size_t *n)
{
	const struct inflight_slot *s = slot(w, w->whole);

	*n = s->len - w->sent;
	if (*n > max)
		*n = max;
	return s->bytes + w->sent;
}

void
inflight_sent(struct inflight *w, size_t n, int64_t now_ns)
{
	struct inflight_slot *s = slot(w, w->whole);

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
inflight_match(struct inflight *w, const uint8_t *bytes, size_t n)
{
	const struct inflight_slot *s = &w->slots[w->first];
	size_t expected = (w->whole > 0 ? s->len : w->sent) - w->echoed;

	if (n > expected)
		n = expected;
	if (n == 0 || memcmp(s->bytes + w->echoed, bytes, n) != 0)
		return 0;
	w->echoed += (uint32_t)n;
	return n;
}

int64_t
inflight_oldest(const struct inflight *w)
{
	return w->slots[w->first].began_ns;
}

/* An empty one begins anew, so that few messages touch few slots. */
int64_t
inflight_pop(struct inflight *w)
{
	int64_t began_ns = inflight_oldest(w);

	ASSERT(inflight_finished(w));
	w->echoed = 0;
	w->whole--;
	if (--w->count == 0 || ++w->first == w->size)
		w->first = 0;
	return began_ns;
}
