/* name: which kind of name a text is, and what its files are called. */
#include "certs/name.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/printable.h"

static int
check_empty(const char *text, struct errmsg *e)
{
	return text[0] != '\0' ? 0 : errmsg_set(e, "a name must not be empty");
}

static int
parse(struct name *out, const char *text, struct errmsg *e)
{
	if (check_empty(text, e) < 0)
		return -1;
	out->text = text;
	if (tls_san_parse(&out->san, text, strlen(text), e) == 0)
		return 0;
	(void)errmsg_prepend(e, "'%s'", text);
	printable_mask(e->text);
	return -1;
}

int
name_parse_server(struct name *out, const char *text, struct errmsg *e)
{
	if (parse(out, text, e) < 0)
		return -1;
	if (out->san.kind == TLS_SAN_DNS_NAME ||
	    out->san.kind == TLS_SAN_ADDRESS)
		return 0;
	return errmsg_set(
	    e, "'%s' is neither a DNS name nor an IP address", text);
}

int
name_parse_client(struct name *out, const char *text, struct errmsg *e)
{
	if (parse(out, text, e) < 0)
		return -1;
	if (out->san.kind != TLS_SAN_DNS_NAME || text[0] != '*')
		return 0;
	return errmsg_set(e, "'%s': a client has no wildcard", text);
}

int
name_check_common(const char *text, struct errmsg *e)
{
	size_t length = strlen(text);
	char masked[NAME_COMMON_MAX + 1];

	if (length == 0 || length > NAME_COMMON_MAX)
		return errmsg_set(
		    e, "must have 1 to %d bytes", NAME_COMMON_MAX);
	if (!printable_is_utf8(text, length))
		return errmsg_set(e, "is not UTF-8");
	(void)strcpy(masked, text);
	printable_mask(masked);
	if (strcmp(masked, text) != 0)
		return errmsg_set(e, "must not hold control characters");
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
	if (check_empty(text, e) < 0)
		return -1;
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
