/* show: what GnuTLS gets when it asks; see the header. */
#include "common/tls/show.h"

#include "common/base/assertion.h"
#include "common/tls/private.h"

void
tls_show(struct tls *tls, const struct tls_certified_key *own)
{
	ASSERT(!tls->established);
	ASSERT(tls->gnutls->creds->settings.shows_by_session);
	tls_certified_key_set(tls->gnutls->session, own);
}
