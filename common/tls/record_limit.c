/*
 * record_limit: how much content the peer takes in a record: record_size_limit
 * (RFC 8449) or, of a client, max_fragment_length (RFC 6066, 4). GnuTLS obeys
 * them, but does not tell.
 */
#include <gnutls/gnutls.h>

#include "common/tls/private.h"

enum {
	MAX_FRAGMENT_LENGTH = 1,
	RECORD_SIZE_LIMIT = 28,
	HELLO_FIXED = 2 + 32,  /* of a ServerHello: version, random */
	HELLO_CHOICES = 2 + 1, /* cipher suite, compression */
};

struct limits {
	unsigned record_size, fragment; /* 0: not given */
};

static int
on_extension(void *ctx, unsigned type, const unsigned char *data, unsigned size)
{
	struct limits *limits = ctx;

	if (type == RECORD_SIZE_LIMIT && size == 2)
		limits->record_size = (unsigned)data[0] << 8 | data[1];
	if (type == MAX_FRAGMENT_LENGTH && size == 1 && data[0] >= 1 &&
	    data[0] <= 4)
		limits->fragment = 256U << data[0];
	return 0;
}

/* What is left of a ServerHello are its extensions, if it has any. */
static gnutls_datum_t
skip_server_hello(const gnutls_datum_t *m)
{
	gnutls_datum_t left = { NULL, 0 };
	unsigned size = HELLO_FIXED;

	if (m->size <= HELLO_FIXED)
		return left;
	size += 1U + m->data[HELLO_FIXED] + HELLO_CHOICES; /* session ID */
	if (size < m->size)
		left = (gnutls_datum_t){ m->data + size, m->size - size };
	return left;
}

/* Only the smaller of two limits is of interest: the larger would be wrong
 * where GnuTLS has ignored the other. A hello that is malformed is refused. */
void
tls_read_record_limit(
    struct tls *tls, unsigned type, const gnutls_datum_t *message)
{
	struct limits limits = { 0, 0 };
	gnutls_datum_t extensions = *message;
	unsigned flags = 0;

	if (type == GNUTLS_HANDSHAKE_CLIENT_HELLO)
		flags = GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO;
	else if (type == GNUTLS_HANDSHAKE_SERVER_HELLO)
		extensions = skip_server_hello(message);
	else if (type != GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS)
		return;
	if (extensions.size == 0 ||
	    gnutls_ext_raw_parse(&limits, on_extension, &extensions, flags) < 0)
		return;
	if (limits.record_size > 0)
		tls->gnutls->record_size_limit = limits.record_size;
	else if (limits.fragment > 0)
		tls->gnutls->fragment_limit = limits.fragment;
}

/* Under TLS 1.3 the type counts, too (RFC 8449, 4). */
uint16_t
tls_record_limit(const struct tls *tls)
{
	const struct tls_gnutls *g = tls->gnutls;
	unsigned limit = TLS_RECORD_MAX;

	if (g->record_size_limit > 0)
		limit = g->record_size_limit - (tls->is_tls13 ? 1 : 0);
	else if (g->fragment_limit > 0)
		limit = g->fragment_limit;
	return limit < TLS_RECORD_MAX ? (uint16_t)limit : TLS_RECORD_MAX;
}
