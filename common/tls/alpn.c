/* alpn: the application protocols of a session (RFC 7301). */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"

int
tls_set_alpn(struct tls *tls, unsigned flags)
{
	const char *const *names = tls->gnutls->creds->settings.alpn;
	gnutls_datum_t protocols[TLS_ALPN_MAX];
	unsigned n = 0;

	for (; n < TLS_ALPN_MAX && names[n] != NULL; n++)
		protocols[n] =
		    (gnutls_datum_t){ (unsigned char *)(uintptr_t)names[n],
			    (unsigned)strlen(names[n]) };
	if (n == 0)
		return 0;
	return gnutls_alpn_set_protocols(
	    tls->gnutls->session, protocols, n, flags);
}

const char *
tls_agreed_alpn(const struct tls *tls)
{
	const char *const *names = tls->gnutls->creds->settings.alpn;
	gnutls_datum_t chosen;

	if (gnutls_alpn_get_selected_protocol(tls->gnutls->session, &chosen) <
	    0)
		return NULL;
	for (unsigned n = 0; n < TLS_ALPN_MAX && names[n] != NULL; n++)
		if (strlen(names[n]) == chosen.size &&
		    memcmp(names[n], chosen.data, chosen.size) == 0)
			return names[n];
	return NULL;
}
