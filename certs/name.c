/* name: which kind of name a text is, and what its files are called. */
#include "certs/name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	LABEL_MAX = 63
};

/* RFC 1034 labels, and '_', which service names and test names use. */
static bool
is_label(const char *text, size_t len)
{
	if (len == 0 || len > LABEL_MAX)
		return false;
	if (text[0] == '-' || text[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' &&
		    text[i] != '_')
			return false;
	return true;
}

/* A name that ends in a number is a mistyped address: 10.0.0.256. */
static bool
is_dns_name(const char *text)
{
	const char *label = text;
	const char *dot;

	if (strlen(text) > NAME_DNS_MAX)
		return false;
	while ((dot = strchr(label, '.')) != NULL) {
		if (!is_label(label, (size_t)(dot - label)))
			return false;
		label = dot + 1;
	}
	if (!is_label(label, strlen(label)))
		return false;
	return label == text || label[strspn(label, "0123456789")] != '\0';
}

/* One '@', a local part without '/' or a leading '.', a domain. */
static bool
is_email(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && text[0] != '.' &&
	    memchr(text, '/', (size_t)(at - text)) == NULL &&
	    is_dns_name(at + 1);
}

static bool
is_uri(const char *text)
{
	const char *rest = strstr(text, "://");

	if (rest == NULL || rest[3] == '\0' || !isalpha((unsigned char)*text))
		return false;
	for (const char *p = text; p < rest; p++)
		if (!isalnum((unsigned char)*p) && strchr("+.-", *p) == NULL)
			return false;
	return true;
}

static bool
parse_address(struct name *out)
{
	out->kind = NAME_ADDRESS;
	out->address_size = 4;
	if (inet_pton(AF_INET, out->text, out->address) == 1)
		return true;
	out->address_size = 16;
	return inet_pton(AF_INET6, out->text, out->address) == 1;
}

/* Bytes that no kind of name may hold; IA5String is ASCII. */
static int
check_bytes(const char *text, struct errmsg *e)
{
	if (text[0] == '\0')
		return errmsg_set(e, "a name must not be empty");
	for (const char *p = text; *p != '\0'; p++) {
		if (iscntrl((unsigned char)*p))
			return errmsg_set(
			    e, "a name must not hold control bytes");
		if (!isascii((unsigned char)*p))
			return errmsg_set(e,
			    "'%s': write it in ASCII (a domain as xn--...)",
			    text);
		if (*p == ' ')
			return errmsg_set(
			    e, "'%s': a name must not hold spaces", text);
	}
	return 0;
}

int
name_parse_server(struct name *out, const char *text, struct errmsg *e)
{
	const char *host = strncmp(text, "*.", 2) == 0 ? text + 2 : text;

	*out = (struct name){ .text = text };
	if (check_bytes(text, e) < 0)
		return -1;
	if (parse_address(out))
		return 0;
	out->kind = NAME_DNS;
	if (is_dns_name(host) && strlen(text) <= NAME_DNS_MAX)
		return 0;
	return errmsg_set(
	    e, "'%s' is neither a DNS name nor an IP address", text);
}

int
name_parse_client(struct name *out, const char *text, struct errmsg *e)
{
	*out = (struct name){ .text = text };
	if (check_bytes(text, e) < 0)
		return -1;
	if (parse_address(out))
		return 0;
	if (is_uri(text))
		out->kind = NAME_URI;
	else if (is_email(text))
		out->kind = NAME_EMAIL;
	else if (is_dns_name(text))
		out->kind = NAME_DNS;
	else
		return errmsg_set(e,
		    "'%s' is neither a DNS name, an IP address, an e-mail "
		    "address nor a URI",
		    text);
	return 0;
}

/* UTF-8 is what glibc's C.UTF-8 can read, whatever the user's locale is. */
static bool
is_utf8(const char *text)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before;
	size_t length;

	if (utf8 == (locale_t)0)
		return false;
	before = uselocale(utf8);
	length = mbstowcs(NULL, text, 0);
	(void)uselocale(before);
	freelocale(utf8);
	return length != (size_t)-1;
}

int
name_check_common(const char *text, struct errmsg *e)
{
	size_t length = strlen(text);

	if (length == 0 || length > NAME_COMMON_MAX)
		return errmsg_set(
		    e, "must have 1 to %d bytes", NAME_COMMON_MAX);
	for (const char *p = text; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			return errmsg_set(e, "must not hold control bytes");
	if (!is_utf8(text))
		return errmsg_set(e, "is not UTF-8");
	return 0;
}

/* Runs of unsafe bytes become one '_'. Returns whether it fits. */
static bool
make_safe(char stem[static NAME_STEM_SIZE], const char *text)
{
	static const char wildcard[] = "_wildcard";
	size_t used = 0;
	bool is_run = false;

	if (text[0] == '*') {
		(void)strcpy(stem, wildcard);
		used = sizeof wildcard - 1;
		text++;
	}
	for (; *text != '\0'; text++) {
		bool is_safe = isalnum((unsigned char)*text) ||
		    strchr("-._@+", *text) != NULL;

		if (used == NAME_STEM_SIZE - 1)
			return false;
		if (is_safe || !is_run)
			stem[used++] = (char)(is_safe ? *text : '_');
		is_run = !is_safe;
	}
	stem[used] = '\0';
	return true;
}

int
name_stem(char stem[static NAME_STEM_SIZE], const char *text, struct errmsg *e)
{
	if (text[0] == '\0')
		return errmsg_set(e, "a name must not be empty");
	if (!make_safe(stem, text))
		return errmsg_set(e,
		    "'%.32s...' is too long for the name of a file: at most "
		    "%d bytes",
		    text, NAME_STEM_SIZE - 1);
	if (stem[0] == '.' || stem[0] == '-')
		return errmsg_set(e,
		    "'%s': a file's name must not begin with '%c'", text,
		    stem[0]);
	if (strcmp(stem, "ca") == 0 || strcmp(stem, "crl") == 0)
		return errmsg_set(e,
		    "'%s': %s.pem is the authority's own file: choose "
		    "another name",
		    text, stem);
	return 0;
}
