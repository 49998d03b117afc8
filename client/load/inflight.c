/* inflight: a ring of messages, and how far each has come; see the header. */
#include "client/load/inflight.h"

#include <string.h>

#include "client/mismatch.h"
#include "common/base/assertion.h"

void
inflight_init(struct inflight *in, struct inflight_slot *slots, unsigned size)
{
	ASSERT(size >= 1);
	*in = (struct inflight){ .slots = slots, .size = size };
}

void
inflight_clear(struct inflight *in)
{
	inflight_init(in, in->slots, in->size);
}

/*
 * The message i, counted from the oldest. A division would cost more than all
 * else here.
 */
static struct inflight_slot *
slot(const struct inflight *in, unsigned i)
{
	unsigned n = in->first + i;

	return &in->slots[n < in->size ? n : n - in->size];
}

void
inflight_add(
    struct inflight *in, const uint8_t *bytes, size_t len, int64_t began_ns)
{
	ASSERT(!inflight_is_full(in) && len > 0 && len <= UINT32_MAX);
	*slot(in, in->count++) = (struct inflight_slot){
		.bytes = bytes, .len = (uint32_t)len, .began_ns = began_ns
	};
}

const uint8_t *
inflight_next(const struct inflight *in, size_t max, size_t *n)
{
	const struct inflight_slot *s = slot(in, in->whole);

	*n = s->len - in->sent;
	if (*n > max)
		*n = max;
	return s->bytes + in->sent;
}

void
inflight_sent(struct inflight *in, size_t n, int64_t now_ns)
{
	struct inflight_slot *s = slot(in, in->whole);

	if (in->sent == 0)
		s->sent_ns = now_ns;
	if (s->began_ns == 0)
		s->began_ns = now_ns;
	in->sent += (uint32_t)n;
	ASSERT(in->sent <= s->len);
	if (in->sent == s->len) {
		in->whole++;
		in->sent = 0;
	}
}

size_t
inflight_match(struct inflight *in, const uint8_t *bytes, size_t n)
{
	const struct inflight_slot *s = &in->slots[in->first];
	size_t expected = (in->whole > 0 ? s->len : in->sent) - in->echoed;

	if (n > expected)
		n = expected;
	if (n == 0 || memcmp(s->bytes + in->echoed, bytes, n) != 0)
		return 0;
	in->echoed += (uint32_t)n;
	return n;
}

bool
inflight_is_all_sent(const struct inflight *in, const uint8_t *bytes, size_t n)
{
	size_t used = 0;

	for (unsigned i = 0; i < in->count && i <= in->whole; i++) {
		const struct inflight_slot *s = slot(in, i);
		size_t sent = i < in->whole ? s->len : in->sent;

		if (sent > n - used ||
		    memcmp(s->bytes, bytes + used, sent) != 0)
			return false;
		used += sent;
	}
	return used == n;
}

void
inflight_look(const struct inflight *in, struct mismatch_seen *seen)
{
	const struct inflight_slot *s = &in->slots[in->first];

	if (in->count == 0)
		return;
	seen->message = s->bytes;
	seen->size = s->len;
	seen->echoed = in->echoed;
	seen->sent = in->whole > 0 ? s->len : in->sent;
}

int64_t
inflight_oldest(const struct inflight *in)
{
	ASSERT(!inflight_is_empty(in));
	return in->slots[in->first].began_ns;
}

/* An empty ring starts from slot 0, so that few messages touch few slots. */
const struct inflight_slot *
inflight_pop(struct inflight *in)
{
	const struct inflight_slot *oldest = &in->slots[in->first];

	ASSERT(inflight_finished(in));
	in->popped += in->echoed;
	in->echoed = 0;
	in->whole--;
	if (--in->count == 0 || ++in->first == in->size)
		in->first = 0;
	return oldest;
}
