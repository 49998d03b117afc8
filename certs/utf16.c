/* utf16: text as PKCS #12 wants it; see the header. */
#include "certs/utf16.h"

#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

static int
append_unit(struct file_bytes *out, uint32_t unit)
{
	uint8_t bytes[2] = { (uint8_t)(unit >> 8), (uint8_t)(unit & 0xff) };

	return file_bytes_append(out, bytes, sizeof bytes);
}

static int
append_character(struct file_bytes *out, uint32_t c)
{
	if (c < 0x10000)
		return append_unit(out, c);
	c -= 0x10000;
	if (append_unit(out, 0xd800 | c >> 10) < 0)
		return -1;
	return append_unit(out, 0xdc00 | (c & 0x3ff));
}

static int
append_all(struct file_bytes *out, const char *utf8)
{
	size_t left = strlen(utf8);
	mbstate_t state = { 0 };
	wchar_t c;

	while (left > 0) {
		size_t n = mbrtowc(&c, utf8, left, &state);

		if (n == (size_t)-1 || n == (size_t)-2 ||
		    append_character(out, (uint32_t)c) < 0)
			return -1;
		utf8 += n;
		left -= n;
	}
	return 0;
}

/* UTF-8 is what glibc's C.UTF-8 can read. */
int
utf16_append(struct file_bytes *out, const char *utf8)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before;
	int result;

	if (locale == (locale_t)0)
		return -1;
	before = uselocale(locale);
	result = append_all(out, utf8);
	(void)uselocale(before);
	freelocale(locale);
	return result;
}
