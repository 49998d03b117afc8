/* path: which way data goes: past the session, or through it. */
#include "common/base/assertion.h"
#include "common/tls/private.h"

void
tls_path_leave_session(struct tls *tls)
{
	ASSERT(tls->path == TLS_PATH_SLOW_READY);
	tls->path = tls_records_take(&tls->records, tls->session)
	    ? TLS_PATH_FAST
	    : TLS_PATH_SLOW_ALWAYS;
}

void
tls_path_use_session(struct tls *tls)
{
	if (tls->path != TLS_PATH_FAST)
		return;
	tls_records_give_back(tls->records, tls->session);
	tls->path = TLS_PATH_SLOW;
}

void
tls_path_session_has_read(struct tls *tls, bool data)
{
	ASSERT(tls->path != TLS_PATH_FAST);
	if (tls->path != TLS_PATH_SLOW_ALWAYS)
		tls->path = data ? TLS_PATH_SLOW_READ : TLS_PATH_SLOW;
}

/*
 * The session does not tell how large a record the peer takes (RFC 8449), but
 * it shows: what it has sent in one record may be sent in one.
 */
void
tls_path_session_has_sent(struct tls *tls, size_t n)
{
	ASSERT(tls->path != TLS_PATH_FAST);
	if (tls->sent_max < n)
		tls->sent_max = (uint16_t)n;
	if (tls->path == TLS_PATH_SLOW_READ)
		tls->path = TLS_PATH_SLOW_READY;
}
