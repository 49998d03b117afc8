/* request: extensions of a server's messages; see the header. */
#include "common/tls/request.h"

#include <string.h>

/* IANA's registry of TLS ExtensionType values. */
enum {
	SIGNATURE_ALGORITHMS = 13,
	APPLICATION_PROTOCOLS = 16,
	SUPPORTED_VERSIONS = 43,
	CERTIFICATE_AUTHORITIES = 47,
};

enum {
	VERSION_SIZE = 2,
	RANDOM_SIZE = 32,
	CHOICES_SIZE = 2 + 1, /* cipher suite, compression */
};

static struct view
view_of(const gnutls_datum_t *d)
{
	return (struct view){ d->data, d->size };
}

/* A vector of extensions is walked; what is asked for is found, or empty. */
static struct view
find_extension(struct view v, uint32_t wanted)
{
	struct view all, content;
	uint32_t type;

	if (view_vector(&v, 2, &all))
		while (view_number(&all, 2, &type) &&
		    view_vector(&all, 2, &content))
			if (type == wanted)
				return content;
	return (struct view){ NULL, 0 };
}

static void
read_schemes(struct tls_numbers *list, struct view v)
{
	uint32_t number;

	list->count = 0;
	while (list->count < TLS_NUMBERS && view_number(&v, 2, &number))
		list->of[list->count++] = (uint16_t)number;
}

/* In TLS 1.3: a context, and then extensions. */
static void
read_tls13(struct tls_request *r, struct view v)
{
	struct view context, list, content;

	if (!view_vector(&v, 1, &context))
		return;
	content = find_extension(v, SIGNATURE_ALGORITHMS);
	if (view_vector(&content, 2, &list))
		read_schemes(&r->schemes, list);
	content = find_extension(v, CERTIFICATE_AUTHORITIES);
	if (view_vector(&content, 2, &list))
		r->names = list;
}

void
tls_request_read(
    struct tls_request *r, const gnutls_datum_t *body, bool is_tls13)
{
	struct view v = view_of(body);
	struct view types, schemes, names;

	*r = (struct tls_request){ .names = { NULL, 0 } };
	if (is_tls13) {
		read_tls13(r, v);
	} else if (view_vector(&v, 1, &types) && view_vector(&v, 2, &schemes)) {
		read_schemes(&r->schemes, schemes);
		if (view_vector(&v, 2, &names))
			r->names = names;
	}
}

bool
tls_request_next(struct tls_request *r, gnutls_datum_t *name)
{
	struct view next;

	if (!view_vector(&r->names, 2, &next))
		return false;
	name->data = (unsigned char *)(uintptr_t)next.at;
	name->size = (unsigned)next.left;
	return true;
}

/* Leaves what follows the fixed part of a ServerHello: extensions, if any. */
static bool
skip_server_hello(struct view *v)
{
	struct view session_id;

	return view_take(v, VERSION_SIZE) != NULL &&
	    view_take(v, RANDOM_SIZE) != NULL &&
	    view_vector(v, 1, &session_id) &&
	    view_take(v, CHOICES_SIZE) != NULL;
}

const char *
tls_protocol_read(const gnutls_datum_t *body, bool is_server_hello,
    char text[static TLS_PROTOCOL_TEXT])
{
	struct view v = view_of(body);
	struct view content, list, name;

	text[0] = '\0';
	if (is_server_hello && !skip_server_hello(&v))
		return text;
	content = find_extension(v, APPLICATION_PROTOCOLS);
	if (view_vector(&content, 2, &list) && view_vector(&list, 1, &name)) {
		memcpy(text, name.at, name.left);
		text[name.left] = '\0';
	}
	return text;
}

uint16_t
tls_version_read(const gnutls_datum_t *body)
{
	struct view v = view_of(body);
	struct view content;
	uint32_t number = 0;

	if (!view_number(&v, VERSION_SIZE, &number))
		return 0;
	v = view_of(body);
	if (!skip_server_hello(&v))
		return (uint16_t)number;
	content = find_extension(v, SUPPORTED_VERSIONS);
	if (content.left == VERSION_SIZE)
		(void)view_number(&content, VERSION_SIZE, &number);
	return (uint16_t)number;
}
