/* hello: lists and names in a ClientHello; see the header. */
#include "common/tls/hello.h"

#include <string.h>

#include "common/tls/view.h"

enum {
	VERSION_SIZE = 2,
	RANDOM_SIZE = 32,
};

/* IANA's registry of TLS ExtensionType values. */
enum {
	SERVER_NAME = 0,
	MAX_FRAGMENT_LENGTH = 1,
	SUPPORTED_GROUPS = 10,
	SIGNATURE_ALGORITHMS = 13,
	APPLICATION_PROTOCOLS = 16,
	RECORD_SIZE_LIMIT = 28,
	SESSION_TICKET = 35,
	PRE_SHARED_KEY = 41,
	SUPPORTED_VERSIONS = 43,
};

/* A vector of two-byte numbers. */
static void
read_list(struct tls_numbers *list, struct view v, size_t size_bytes)
{
	struct view items;
	uint32_t item;

	list->count = 0;
	if (!view_vector(&v, size_bytes, &items))
		return;
	while (list->count < TLS_NUMBERS && view_number(&items, 2, &item))
		list->of[list->count++] = (uint16_t)item;
}

/* The one of type host_name, which is 0. */
static void
read_name(char name[static TLS_HELLO_NAME], struct view v)
{
	struct view names, text;
	uint32_t type;

	if (!view_vector(&v, 2, &names) || !view_number(&names, 1, &type) ||
	    type != 0 || !view_vector(&names, 2, &text) ||
	    text.left >= TLS_HELLO_NAME)
		return;
	memcpy(name, text.at, text.left);
	name[text.left] = '\0';
}

/* As far as they fit. */
static void
read_alpn(char alpn[static TLS_HELLO_ALPN], struct view v)
{
	struct view list, name;
	size_t used = 0;

	if (!view_vector(&v, 2, &list))
		return;
	while (view_vector(&list, 1, &name) &&
	    used + 1 + name.left < TLS_HELLO_ALPN) {
		if (used > 0)
			alpn[used++] = ',';
		memcpy(alpn + used, name.at, name.left);
		used += name.left;
	}
	alpn[used] = '\0';
}

static int
on_extension(void *ctx, unsigned type, const unsigned char *data, unsigned size)
{
	struct tls_hello *hello = ctx;
	const struct view v = { data, size };

	switch (type) {
	case SERVER_NAME:
		read_name(hello->name, v);
		break;
	case SUPPORTED_GROUPS:
		read_list(&hello->groups, v, 2);
		break;
	case SIGNATURE_ALGORITHMS:
		read_list(&hello->schemes, v, 2);
		break;
	case SUPPORTED_VERSIONS:
		read_list(&hello->versions, v, 1);
		break;
	case APPLICATION_PROTOCOLS:
		read_alpn(hello->alpn, v);
		break;
	case PRE_SHARED_KEY:
		hello->ticket.psk_name = tls_ticket_of_identities(v);
		break;
	case SESSION_TICKET:
		hello->ticket.ticket_name = tls_ticket_key_name(v);
		break;
	case MAX_FRAGMENT_LENGTH:
	case RECORD_SIZE_LIMIT:
		tls_limits_read(&hello->limits, type, data, size);
		break;
	default:
		break;
	}
	return 0;
}

/* What comes before the extensions. Who sends no supported_versions offers the
 * one that stands here (RFC 8446, 4.2.1). */
static void
read_fixed(struct tls_hello *hello, struct view v)
{
	struct view session_id;
	uint32_t version;

	if (!view_number(&v, VERSION_SIZE, &version))
		return;
	hello->versions.of[hello->versions.count++] = (uint16_t)version;
	if (view_take(&v, RANDOM_SIZE) != NULL &&
	    view_vector(&v, 1, &session_id))
		read_list(&hello->suites, v, 2);
}

bool
tls_hello_read(struct tls_hello *hello, const gnutls_datum_t *message)
{
	bool whole;

	*hello = (struct tls_hello){ .size = message->size };
	read_fixed(hello, (struct view){ message->data, message->size });
	whole = gnutls_ext_raw_parse(hello, on_extension, message,
		    GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO) >= 0;
	if (!whole) {
		hello->limits = (struct tls_limits){ 0, 0 };
		hello->ticket = (struct tls_ticket_offer){ NULL, NULL, false };
	}
	hello->ticket.is_mixed = hello->ticket.ticket_name != NULL &&
	    tls_numbers_have(&hello->versions, TLS_NUMBER_TLS13);
	return whole;
}

bool
tls_hello_gets_tls13(
    const struct tls_hello *hello, const struct tls_support *own)
{
	return tls_numbers_have(&own->versions, TLS_NUMBER_TLS13) &&
	    tls_numbers_have(&hello->versions, TLS_NUMBER_TLS13);
}

bool
tls_hello_is_post_quantum(const struct tls_hello *hello)
{
	/* MLKEM512 to 1024; hybrids of ML-KEM; of Kyber's drafts. */
	static const uint16_t ranges[][2] = { { 0x0200, 0x0202 },
		{ 0x11eb, 0x11ee }, { 0x6399, 0x639a } };

	for (unsigned i = 0; i < hello->groups.count; i++)
		for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
			if (hello->groups.of[i] >= ranges[k][0] &&
			    hello->groups.of[i] <= ranges[k][1])
				return true;
	return false;
}

bool
tls_hello_wants_hybrid(
    const struct tls_hello *hello, const struct tls_support *own)
{
	unsigned i = 0;

	while (i < hello->groups.count &&
	    !tls_numbers_have(&own->groups, hello->groups.of[i]))
		i++;
	return i < hello->groups.count &&
	    hello->groups.of[i] == TLS_NUMBER_X25519_MLKEM768 &&
	    tls_hello_gets_tls13(hello, own);
}
