/* san: the grammar of alternative names; see the header. */
#include "common/x509/san.h"

#include <arpa/inet.h>
#include <string.h>

#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS       "0123456789"
#define SCHEME_CHARS LETTERS DIGITS "+-." /* RFC 3986, 3.1 */

enum {
	LABEL_MAX = 63 /* RFC 1035, 2.3.4 */
};

/* How many bytes at the beginning are among these characters. */
static size_t
span(const char *text, size_t size, const char *characters)
{
	size_t n = 0;

	while (
	    n < size && text[n] != '\0' && strchr(characters, text[n]) != NULL)
		n++;
	return n;
}

static bool
is_label(const char *label, size_t size)
{
	return size > 0 && size <= LABEL_MAX && label[0] != '-' &&
	    label[size - 1] != '-' &&
	    span(label, size, LETTERS DIGITS "-_") == size;
}

bool
tls_san_is_dns_name(const char *name, size_t size)
{
	bool is_single = memchr(name, '.', size) == NULL;
	const char *dot;

	if (size > TLS_SAN_DNS_MAX)
		return false;
	while ((dot = memchr(name, '.', size)) != NULL) {
		if (!is_label(name, (size_t)(dot - name)))
			return false;
		size -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	return is_label(name, size) &&
	    (is_single || span(name, size, DIGITS) < size);
}

static bool
parse_address(struct tls_san *san, const char *text, size_t size)
{
	char copy[INET6_ADDRSTRLEN];

	if (size >= sizeof copy)
		return false;
	memcpy(copy, text, size);
	copy[size] = '\0';
	san->kind = TLS_SAN_ADDRESS;
	san->size = 4;
	if (inet_pton(AF_INET, copy, san->address) == 1)
		return true;
	san->size = 16;
	return inet_pton(AF_INET6, copy, san->address) == 1;
}

/* The size of the scheme and its colon; 0 if there is none. */
static size_t
scheme_size(const char *text, size_t size)
{
	size_t n = span(text, size, SCHEME_CHARS);

	return span(text, size, LETTERS) > 0 && n < size && text[n] == ':'
	    ? n + 1
	    : 0;
}

static int
check_email(const char *text, size_t size, struct errmsg *e)
{
	const char *at = memchr(text, '@', size);
	const char *end = text + size;

	if (at > text && text[0] != '.' && memchr(text, '*', size) == NULL &&
	    tls_san_is_dns_name(at + 1, (size_t)(end - at - 1)))
		return 0;
	return errmsg_set(e, "is no e-mail address, such as name@example.org");
}

static int
check_dns_name(const char *text, size_t size, struct errmsg *e)
{
	size_t wildcard = size >= 2 && memcmp(text, "*.", 2) == 0 ? 2 : 0;

	if (size <= TLS_SAN_DNS_MAX &&
	    tls_san_is_dns_name(text + wildcard, size - wildcard))
		return 0;
	if (memchr(text + wildcard, '*', size - wildcard) != NULL)
		return errmsg_set(e,
		    "* may only be the whole first label of a DNS name, such "
		    "as *.example.org");
	return errmsg_set(e,
	    "is neither an address nor a DNS name: labels of 1 to 63 letters, "
	    "digits, - and _, with dots between them");
}

/* All kinds are IA5String, or written in it. */
static int
check_bytes(const char *text, size_t size, struct errmsg *e)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return errmsg_set(e,
			    "must be ASCII without blanks and control bytes; a "
			    "domain in another script is written xn--...");
	return 0;
}

int
tls_san_parse(
    struct tls_san *san, const char *text, size_t size, struct errmsg *e)
{
	size_t scheme = scheme_size(text, size);

	if (check_bytes(text, size, e) < 0)
		return -1;
	if (parse_address(san, text, size))
		return 0;
	san->size = size;
	san->kind = scheme > 0                ? TLS_SAN_URI
	    : memchr(text, '@', size) != NULL ? TLS_SAN_EMAIL
					      : TLS_SAN_DNS_NAME;
	if (san->kind == TLS_SAN_DNS_NAME)
		return check_dns_name(text, size, e);
	if (san->kind == TLS_SAN_EMAIL)
		return check_email(text, size, e);
	if (scheme == size)
		return errmsg_set(e, "is no URI: nothing follows the scheme");
	return 0;
}
