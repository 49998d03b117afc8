/* record_limit: finds limits in hellos; see the header. */
#include "common/tls/record_limit.h"

#include "common/tls/private.h"

enum {
	MAX_FRAGMENT_LENGTH = 1,
	RECORD_SIZE_LIMIT = 28,
	HELLO_FIXED = 2 + 32,  /* of a ServerHello: version, random */
	HELLO_CHOICES = 2 + 1, /* cipher suite, compression */
};

void
tls_limits_read(struct tls_limits *limits, unsigned type,
    const unsigned char *data, unsigned size)
{
	if (type == RECORD_SIZE_LIMIT && size == 2)
		limits->record_size = (unsigned)data[0] << 8 | data[1];
	if (type == MAX_FRAGMENT_LENGTH && size == 1 && data[0] >= 1 &&
	    data[0] <= 4)
		limits->fragment = 256U << data[0];
}

static int
on_extension(void *ctx, unsigned type, const unsigned char *data, unsigned size)
{
	tls_limits_read(ctx, type, data, size);
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

/* A hello that is malformed is refused. */
void
tls_read_record_limit(
    struct tls *tls, unsigned type, const gnutls_datum_t *message)
{
	struct tls_limits limits = { 0, 0 };
	gnutls_datum_t extensions = *message;

	if (type == GNUTLS_HANDSHAKE_SERVER_HELLO)
		extensions = skip_server_hello(message);
	else if (type != GNUTLS_HANDSHAKE_ENCRYPTED_EXTENSIONS)
		return;
	if (extensions.size > 0 &&
	    gnutls_ext_raw_parse(&limits, on_extension, &extensions, 0) >= 0)
		tls_set_record_limit(tls, &limits);
}

void
tls_set_record_limit(struct tls *tls, const struct tls_limits *limits)
{
	struct tls_limits *l = &tls->gnutls->limits;

	if (limits->record_size > 0)
		l->record_size = limits->record_size;
	else if (limits->fragment > 0)
		l->fragment = limits->fragment;
}

/* Under TLS 1.3 the type counts, too (RFC 8449, 4). */
uint16_t
tls_record_limit(const struct tls *tls)
{
	const struct tls_limits *l = &tls->gnutls->limits;
	unsigned limit = TLS_RECORD_MAX;

	if (l->record_size > 0)
		limit = l->record_size - (tls->is_tls13 ? 1 : 0);
	else if (l->fragment > 0)
		limit = l->fragment;
	return limit < TLS_RECORD_MAX ? (uint16_t)limit : TLS_RECORD_MAX;
}
