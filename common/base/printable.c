/* printable: masks control characters; see the header. */
#include "common/base/printable.h"

/* Length of a control character, in UTF-8: 1 or 2; 0: it is none. */
static int
control_bytes(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if (c[0] < 0x20 || c[0] == 0x7f)
		return 1;
	return c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0 ? 2 : 0;
}

void
printable_mask(char *text)
{
	for (; *text != '\0'; text++)
		for (int n = control_bytes(text); n > 0; n--)
			text[n - 1] = '?';
}
