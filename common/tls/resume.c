/* resume: GnuTLS's session data as a thing of its own; see the header. */
#include "common/tls/resume.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

enum {
	KEPT_MAX = 16 /* of a session; servers give 1 to 4 */
};

struct tls_resume {
	gnutls_datum_t data;
	struct tls_resume *next; /* of the same session, which came before */
	unsigned n;              /* it and those before it; 0: it was taken */
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

/* What GnuTLS gives is the session with the ticket that came last. */
static struct tls_resume *
keep(gnutls_session_t session)
{
	struct tls_resume *kept = calloc(1, sizeof *kept);

	if (kept != NULL && gnutls_session_get_data2(session, &kept->data) < 0)
		tls_resume_free(&kept);
	return kept;
}

/* Before the next one takes its place. */
void
tls_keep_ticket(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;
	struct tls_resume *kept;

	if (!g->ticket_came)
		return;
	g->ticket_came = false;
	if (!g->wants_ticket || (g->kept != NULL && g->kept->n == KEPT_MAX))
		return;
	kept = keep(g->session);
	if (kept == NULL)
		return;
	kept->next = g->kept;
	kept->n = g->kept != NULL ? g->kept->n + 1 : 1;
	g->kept = kept;
}

struct tls_resume *
tls_resume_take(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;
	struct tls_resume *kept;

	if (g == NULL || !tls->established)
		return NULL;
	tls_keep_ticket(tls); /* TLS 1.2: it came with the handshake */
	kept = g->kept;
	if (kept != NULL) {
		g->kept = kept->next;
		kept->next = NULL;
		kept->n = 0;
	} else if (g->wants_ticket && is_resumable(g->session)) {
		kept = keep(g->session);
	}
	if (kept != NULL)
		g->wants_ticket = false;
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
	while (k != NULL) {
		struct tls_resume *next = k->next;

		if (k->data.data != NULL)
			gnutls_memset(k->data.data, 0, k->data.size);
		gnutls_free(k->data.data);
		free(k);
		k = next;
	}
}
