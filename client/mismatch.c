/* mismatch: finds the byte, and guesses; see the header. */
#include "client/mismatch.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "client/looks.h"
#include "common/base/assertion.h"

enum {
	NEEDLE_MIN = 8, /* bytes that are hardly twice the same by chance */
	NEEDLE_MAX = 16
};

/* The bytes from which a guess is made. */
struct bytes {
	const uint8_t *at;
	size_t n;
};

/* One bit of the first wrong byte is flipped; all bytes after it are right. */
static bool
has_one_bit(const struct mismatch_seen *s, size_t same)
{
	size_t n = s->sent - s->echoed;
	uint8_t bits;

	if (same >= n)
		return false;
	if (n > s->got_size)
		n = s->got_size;
	bits = s->got[same] ^ s->message[s->echoed + same];
	return (bits & (bits - 1)) == 0 &&
	    memcmp(s->got + same + 1, s->message + s->echoed + same + 1,
		n - same - 1) == 0;
}

/* The bytes were sent, but do not belong here. False: they were not. */
static bool
find_moved(
    const struct mismatch_seen *s, struct bytes wrong, char *text, size_t size)
{
	size_t here = s->echoed + (size_t)(wrong.at - s->got);
	const uint8_t *found = NULL;
	size_t there;

	if (wrong.n < NEEDLE_MIN)
		return false;
	if (wrong.n > NEEDLE_MAX)
		wrong.n = NEEDLE_MAX;
	if (s->size > 0)
		found = memmem(s->message, s->size, wrong.at, wrong.n);
	if (found != NULL) {
		there = (size_t)(found - s->message);
		(void)snprintf(text, size, "what was sent %zu bytes %s: %s",
		    there > here ? there - here : here - there,
		    there > here ? "later" : "earlier",
		    there > here ? "a part is missing" : "a part came twice");
		return true;
	}
	if (s->pool == NULL ||
	    memmem(s->pool, s->pool_size, wrong.at, wrong.n) == NULL)
		return false;
	(void)snprintf(text, size, "a part of another message of this worker");
	return true;
}

/* A signature may stand where the record began, if its first byte was right. */
static void
guess(char *text, size_t size, const struct mismatch_seen *s, size_t same)
{
	struct bytes wrong = { s->got + same, s->got_size - same };
	const char *what = NULL;

	if (find_moved(s, wrong, text, size))
		return;
	if (has_one_bit(s, same))
		what = "one bit that was flipped";
	if (what == NULL)
		what = looks_text(looks_behind(s->got, s->got_size, same));
	if (what == NULL && s->echoed + same == s->sent)
		what = "more than was sent";
	(void)snprintf(text, size, "%s", what != NULL ? what : "");
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
copy_around(struct mismatch *m, const struct mismatch_seen *s, size_t same)
{
	size_t offset = s->echoed + same;
	size_t lead = smaller(offset, MISMATCH_LEAD);
	size_t wrong = smaller(s->got_size - same, MISMATCH_BYTES - lead);
	size_t wanted = smaller(s->size - (offset - lead), MISMATCH_BYTES);

	if (wanted > 0)
		memcpy(m->wanted, s->message + offset - lead, wanted);
	if (lead > 0)
		memcpy(m->got, s->message + offset - lead, lead);
	memcpy(m->got + lead, s->got + same, wrong);
	m->lead = (uint8_t)lead;
	m->wanted_size = (uint8_t)wanted;
	m->got_size = (uint8_t)(lead + wrong);
}

void
mismatch_fill(struct mismatch *m, const struct mismatch_seen *s)
{
	size_t same = 0;

	ASSERT(s->echoed <= s->sent && s->sent <= s->size && s->got_size > 0);
	while (same < s->got_size && s->echoed + same < s->sent &&
	    s->got[same] == s->message[s->echoed + same])
		same++;
	ASSERT(same < s->got_size);
	m->message_offset = (uint32_t)(s->echoed + same);
	m->message_size = (uint32_t)s->size;
	m->stream_offset = m->message_offset;
	copy_around(m, s, same);
	guess(m->looks_like, sizeof m->looks_like, s, same);
}
