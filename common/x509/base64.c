/* base64: gnutls_base64_encode2; see the header. */
#include "common/x509/base64.h"

#include <gnutls/gnutls.h>
#include <stdint.h>
#include <string.h>

char *
tls_base64_encode(const void *bytes, size_t n)
{
	const gnutls_datum_t in = { (uint8_t *)(uintptr_t)bytes, (unsigned)n };
	gnutls_datum_t out = { NULL, 0 };
	char *text;

	if (gnutls_base64_encode2(&in, &out) < 0)
		return NULL;
	text = strndup((const char *)out.data, out.size);
	gnutls_free(out.data);
	return text;
}
