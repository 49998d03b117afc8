/* put: lines of what is printed about certificates; see the header. */
#include "certs/put.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/base/hex.h"
#include "common/base/printable.h"
#include "common/base/utc.h"

/* As server and client show names: see base/printable.h. */
void
put_clean(FILE *out, const unsigned char *text, size_t size)
{
	const size_t room = 3 * size + sizeof "...";
	char *shown = malloc(room);

	if (shown == NULL)
		return;
	(void)printable_append(shown, room, 0, text, size, "");
	fputs(shown, out);
	free(shown);
}

void
put_label(FILE *out, const char *label)
{
	fprintf(out, "  %-17s", label);
}

void
put_line(FILE *out, const char *label, const char *value)
{
	put_label(out, label);
	fprintf(out, "%s\n", value);
}

void
put_time(FILE *out, const char *label, time_t when)
{
	char text[UTC_TEXT];

	put_line(out, label, utc_format(when, text));
}

void
put_hex(FILE *out, const char *label, const unsigned char *bytes, size_t size)
{
	char text[2 * PUT_BYTES_MAX + 1];

	ASSERT(size <= PUT_BYTES_MAX);
	(void)hex_put(text, bytes, size, HEX_LOWER);
	put_line(out, label, text);
}

void
put_dn(FILE *out, const char *label, gnutls_datum_t *dn, int error)
{
	put_label(out, label);
	if (error >= 0) {
		put_clean(out, dn->data, dn->size);
		gnutls_free(dn->data);
	}
	fprintf(out, "%s\n", error < 0 || dn->size == 0 ? "(empty)" : "");
}

static void
put_digest(FILE *out, const char *label, gnutls_digest_algorithm_t kind,
    const gnutls_datum_t *data)
{
	unsigned char digest[PUT_BYTES_MAX];
	size_t size = sizeof digest;

	if (gnutls_fingerprint(kind, data, digest, &size) >= 0)
		put_hex(out, label, digest, size);
}

void
put_fingerprints(FILE *out, gnutls_datum_t *der, int error)
{
	if (error < 0)
		return;
	put_digest(out, "SHA-1", GNUTLS_DIG_SHA1, der);
	put_digest(out, "SHA-256", GNUTLS_DIG_SHA256, der);
	gnutls_free(der->data);
}

void
put_key_kind(FILE *out, int algorithm, unsigned int bits)
{
	const char *name = gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm);

	put_label(out, "key");
	fprintf(out, "%s, %u bits\n", name != NULL ? name : "unknown", bits);
}

void
put_signature(FILE *out, int algorithm)
{
	const char *name = algorithm < 0
	    ? NULL
	    : gnutls_sign_get_name((gnutls_sign_algorithm_t)algorithm);

	put_line(out, "signature", name != NULL ? name : "unknown");
}
