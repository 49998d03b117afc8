/* printable: masks or escapes characters; see the header. */
#include "common/base/printable.h"

#include <stdint.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/hex.h"

static const char mark[] = "...";

/* The first and the last of a range. */
static const struct {
	uint16_t first, last;
} controls[] = {
	{ 0x0080, 0x009f }, /* C1; U+009B opens a terminal's commands */
	{ 0x061c, 0x061c }, /* these turn the direction of what follows */
	{ 0x200e, 0x200f },
	{ 0x2028, 0x2029 }, /* ends of a line and of a paragraph */
	{ 0x202a, 0x202e }, /* direction */
	{ 0x2066, 0x2069 },
};

/* How many bytes a character has that begins with this one; 0: none does. */
static size_t
length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The second byte excludes what is too long, surrogates, and what is no code
 * point (RFC 3629, 4). */
static bool
is_second(uint8_t first, uint8_t second)
{
	uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

/* The length of the character at the front; 0: it is not UTF-8. */
static size_t
character(const uint8_t *c, size_t n)
{
	size_t length = length_of(c[0]);

	if (length > n || (length > 1 && !is_second(c[0], c[1])))
		return 0;
	for (size_t i = 2; i < length; i++)
		if (c[i] < 0x80 || c[i] > 0xbf)
			return 0;
	return length;
}

bool
printable_is_utf8(const void *bytes, size_t n)
{
	const uint8_t *c = bytes;
	size_t length = 1;

	for (; n > 0 && length > 0; c += length, n -= length)
		length = character(c, n);
	return length > 0;
}

static bool
is_control(const uint8_t *c, size_t length)
{
	uint32_t point;

	if (length == 1)
		return c[0] < 0x20 || c[0] == 0x7f;
	point = c[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++)
		point = point << 6 | (c[i] & 0x3fU);
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
		if (point >= controls[i].first && point <= controls[i].last)
			return true;
	return false;
}

void
printable_mask(char *text)
{
	size_t length, left = strlen(text);

	for (; left > 0; text += length, left -= length) {
		length = character((const uint8_t *)text, left);
		if (length == 0)
			length = 1;
		else if (is_control((const uint8_t *)text, length))
			memset(text, '?', length);
	}
}

static bool
is_plain(const uint8_t *c, size_t length, const char *special)
{
	return length > 0 && !is_control(c, length) &&
	    (length > 1 || strchr(special, c[0]) == NULL);
}

/* The character at the front as it is to be shown; how many bytes it has. */
static size_t
show(
    char shown[static 16], const uint8_t *c, size_t length, const char *special)
{
	char *end = shown;
	size_t n = length > 0 ? length : 1;

	if (is_plain(c, length, special)) {
		memcpy(shown, c, n);
		return n;
	}
	for (size_t i = 0; i < n; i++) {
		*end++ = '\\';
		end = hex_put(end, &c[i], 1, HEX_UPPER);
	}
	return (size_t)(end - shown);
}

size_t
printable_append(char *text, size_t size, size_t used, const void *bytes,
    size_t n, const char *special)
{
	const uint8_t *c = bytes;

	ASSERT(size >= sizeof mark);
	while (n > 0 && used < size) {
		char shown[16];
		size_t length = character(c, n);
		size_t more = show(shown, c, length, special);

		if (used + more + sizeof mark > size) {
			memcpy(text + used, mark, sizeof mark);
			return size;
		}
		memcpy(text + used, shown, more);
		used += more;
		length = length > 0 ? length : 1;
		c += length;
		n -= length;
	}
	if (used < size)
		text[used] = '\0';
	return used;
}

bool
printable_copy(char *to, size_t size, const char *text)
{
	size_t length = strlen(text), used = 0, more;

	ASSERT(size > 0);
	while (used < length) {
		more = character((const uint8_t *)text + used, length - used);
		more = more > 0 ? more : 1;
		if (used + more >= size)
			break;
		used += more;
	}
	memcpy(to, text, used);
	to[used] = '\0';
	return used == length;
}
