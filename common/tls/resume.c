/* resume: GnuTLS's session data as a thing of its own; see the header. */
#include "common/tls/resume.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

struct tls_resume {
	gnutls_datum_t data;
};

/*
 * Without a ticket gnutls_session_get_data2 has data all the same, which in TLS
 * 1.3 resumes nothing. In TLS 1.2 a server may have kept the session itself.
 */
static bool
is_resumable(gnutls_session_t session)
{
	gnutls_datum_t id;

	if (gnutls_session_get_flags(session) & GNUTLS_SFLAGS_SESSION_TICKET)
		return true;
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_3)
		return false;
	return gnutls_session_is_resumed(session) != 0 ||
	    (gnutls_session_get_id2(session, &id) == 0 && id.size > 0);
}

struct tls_resume *
tls_resume_take(struct tls *tls)
{
	struct tls_resume *kept;

	if (tls->gnutls == NULL || !tls->established ||
	    !is_resumable(tls->gnutls->session))
		return NULL;
	tls->gnutls->wants_ticket = false;
	kept = calloc(1, sizeof *kept);
	if (kept != NULL &&
	    gnutls_session_get_data2(tls->gnutls->session, &kept->data) < 0)
		tls_resume_free(&kept);
	return kept;
}

void
tls_resume_want(struct tls *tls)
{
	ASSERT(!tls->established);
	tls->gnutls->wants_ticket = true;
}

int
tls_resume_offer(struct tls *tls, const struct tls_resume *kept)
{
	ASSERT(!tls->established);
	return gnutls_session_set_data(
		   tls->gnutls->session, kept->data.data, kept->data.size) < 0
	    ? -1
	    : 0;
}

void
tls_resume_free(struct tls_resume **kept)
{
	struct tls_resume *k = *kept;

	*kept = NULL;
	if (k == NULL)
		return;
	if (k->data.data != NULL)
		gnutls_memset(k->data.data, 0, k->data.size);
	gnutls_free(k->data.data);
	free(k);
}
