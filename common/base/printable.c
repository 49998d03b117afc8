/* printable: masks control characters; see the header. */
#include "common/base/printable.h"

#include <stddef.h>
#include <stdint.h>

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

static int
is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* The character of two or three bytes, and its length; 0: it is none. */
static int
decode(const unsigned char *c, unsigned int *character)
{
	if ((c[0] & 0xe0) == 0xc0 && is_continuation(c[1])) {
		*character = (c[0] & 0x1fU) << 6 | (c[1] & 0x3fU);
		return 2;
	}
	if ((c[0] & 0xf0) == 0xe0 && is_continuation(c[1]) &&
	    is_continuation(c[2])) {
		*character =
		    (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3fU);
		return 3;
	}
	return 0;
}

/* Length of a control character, in UTF-8: 1 to 3; 0: it is none. */
static int
control_bytes(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	unsigned int character = 0;
	int n;

	if (c[0] < 0x20 || c[0] == 0x7f)
		return 1;
	n = decode(c, &character);
	for (size_t i = 0; n > 0 && i < sizeof controls / sizeof *controls; i++)
		if (character >= controls[i].first &&
		    character <= controls[i].last)
			return n;
	return 0;
}

void
printable_mask(char *text)
{
	for (; *text != '\0'; text++)
		for (int n = control_bytes(text); n > 0; n--)
			text[n - 1] = '?';
}
