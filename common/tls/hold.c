/* hold: by GnuTLS's own means to put a handshake on hold; see the header. */
#include "common/tls/hold.h"

#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

/* Called again after a HelloRetryRequest, which has its place by then. */
static int
on_whole_hello(gnutls_session_t session)
{
	struct tls_gnutls *g =
	    ((struct tls *)gnutls_session_get_ptr(session))->gnutls;

	g->is_held = g->to_be_held;
	g->to_be_held = false;
	return g->is_held ? GNUTLS_E_AGAIN : 0;
}

void
tls_hold(struct tls *tls)
{
	ASSERT(tls->is_server && !tls->established);
	tls->gnutls->to_be_held = true;
	gnutls_handshake_set_post_client_hello_function(
	    tls->gnutls->session, on_whole_hello);
}
