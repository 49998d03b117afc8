/* looks: texts to begin with, and functions; see the header. */
#include "client/looks.h"

#include <stdbool.h>
#include <string.h>

enum {
	SAMPLE = 16, /* bytes, all of which have to be zeros or text */
	TEXT_MIN = 8,
	ZEROS_MIN = 4
};

struct bytes {
	const uint8_t *at;
	size_t n;
};

/* RFC 8446, 5.1: type, version 3.0 to 3.4, length. */
static bool
is_record(struct bytes b)
{
	return b.n >= 5 && b.at[0] >= 20 && b.at[0] <= 23 && b.at[1] == 3 &&
	    b.at[2] <= 4;
}

static bool
is_alert(struct bytes b)
{
	return is_record(b) && b.at[0] == 21 && b.at[3] == 0 && b.at[4] == 2;
}

/* RFC 9113, 6.5: a SETTINGS frame of stream 0, with which a server begins. */
static bool
is_http2(struct bytes b)
{
	return b.n >= 9 && b.at[0] == 0 && b.at[1] == 0 && b.at[2] % 6 == 0 &&
	    b.at[3] == 4 && memcmp(b.at + 5, "\0\0\0\0", 4) == 0;
}

/* Length in 3 bytes, packet 0, version 10, and the server's version in text. */
static bool
is_mysql(struct bytes b)
{
	return b.n >= 6 && b.at[1] == 0 && b.at[2] == 0 && b.at[3] == 0 &&
	    b.at[4] == 10 && b.at[5] >= '0' && b.at[5] <= '9';
}

static bool
is_zeros(struct bytes b)
{
	size_t n = 0;

	while (n < b.n && n < SAMPLE && b.at[n] == 0)
		n++;
	return n >= ZEROS_MIN && (n == b.n || n == SAMPLE);
}

static bool
is_text(struct bytes b)
{
	size_t n = 0;

	while (n < b.n && n < SAMPLE &&
	    ((b.at[n] >= ' ' && b.at[n] < 127) || b.at[n] == '\r' ||
		b.at[n] == '\n' || b.at[n] == '\t'))
		n++;
	return n >= TEXT_MIN && (n == b.n || n == SAMPLE);
}

static const char *const texts[LOOKS] = {
	[LOOKS_HTTP] = "an HTTP response",
	[LOOKS_PROXY_1] = "a PROXY protocol header, version 1",
	[LOOKS_PROXY_2] = "a PROXY protocol header, version 2",
	[LOOKS_SSH] = "an SSH banner",
	[LOOKS_MAIL] = "an SMTP or FTP greeting",
	[LOOKS_IMAP] = "an IMAP greeting",
	[LOOKS_POP3] = "a POP3 greeting",
	[LOOKS_REDIS] = "an error of Redis",
	[LOOKS_MYSQL] = "a greeting of MySQL or MariaDB",
	[LOOKS_HTML] = "a page of HTML",
	[LOOKS_XML] = "XML, such as of an XMPP server",
	[LOOKS_JSON] = "JSON, such as the greeting of --whoami",
	[LOOKS_ALERT] = "a TLS alert in plain text",
	[LOOKS_RECORD] = "a TLS record in plain text",
	[LOOKS_HTTP2] = "the SETTINGS of an HTTP/2 server",
	[LOOKS_ZEROS] = "zeros",
	[LOOKS_TEXT] = "text",
};

const char *
looks_text(enum looks looks)
{
	return texts[looks];
}

#define TEXT(literal) (literal), sizeof(literal) - 1

/* The first that fits; either a text to begin with, or a function. */
static const struct {
	enum looks looks;
	const char *with;
	size_t n;
	bool (*fits)(struct bytes b);
} kinds[] = {
	{ LOOKS_HTTP, TEXT("HTTP/1."), NULL },
	{ LOOKS_PROXY_1, TEXT("PROXY "), NULL },
	{ LOOKS_PROXY_2, TEXT("\r\n\r\n\0\r\nQUIT\n"), NULL },
	{ LOOKS_SSH, TEXT("SSH-"), NULL },
	{ LOOKS_MAIL, TEXT("220 "), NULL },
	{ LOOKS_MAIL, TEXT("220-"), NULL },
	{ LOOKS_MAIL, TEXT("421 "), NULL },
	{ LOOKS_MAIL, TEXT("554 "), NULL },
	{ LOOKS_IMAP, TEXT("* OK"), NULL },
	{ LOOKS_IMAP, TEXT("* BYE"), NULL },
	{ LOOKS_POP3, TEXT("+OK"), NULL },
	{ LOOKS_REDIS, TEXT("-ERR"), NULL },
	{ LOOKS_HTML, TEXT("<!"), NULL },
	{ LOOKS_HTML, TEXT("<html"), NULL },
	{ LOOKS_XML, TEXT("<?xml"), NULL },
	{ LOOKS_JSON, TEXT("{\""), NULL },
	{ LOOKS_ALERT, NULL, 0, is_alert },
	{ LOOKS_RECORD, NULL, 0, is_record },
	{ LOOKS_HTTP2, NULL, 0, is_http2 },
	{ LOOKS_MYSQL, NULL, 0, is_mysql },
	{ LOOKS_ZEROS, NULL, 0, is_zeros },
	{ LOOKS_TEXT, NULL, 0, is_text },
};

static bool
begins(struct bytes b, const char *with, size_t n)
{
	return b.n >= n && memcmp(b.at, with, n) == 0;
}

enum looks
looks_of(const uint8_t *bytes, size_t n)
{
	const struct bytes b = { bytes, n };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].fits != NULL
			? kinds[i].fits(b)
			: begins(b, kinds[i].with, kinds[i].n))
			return kinds[i].looks;
	return LOOKS_UNKNOWN;
}

enum looks
looks_behind(const uint8_t *bytes, size_t n, size_t same)
{
	enum looks looks = LOOKS_UNKNOWN;

	if (same > 0 && same < LOOKS_CHANCE)
		looks = looks_of(bytes, n);
	return looks != LOOKS_UNKNOWN ? looks
				      : looks_of(bytes + same, n - same);
}
