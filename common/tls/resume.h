/*
 * resume: the client's side of resumption: what is kept of a session so
 * that a later one can resume it (RFC 8446, 2.2; RFC 5077).
 *
 * In TLS 1.3 tickets come after the handshake, so there is something to take
 * only when data has been received. A ticket that is offered twice lets a
 * listener link the two connections (RFC 8446, C.4): offer each one once.
 *
 * Owns:	the bytes, among them secrets, which are cleared when freed.
 * Use:
 *	tls_resume_want(tls);
 *	...
 *	while ((kept = tls_resume_take(tls)) != NULL) ...
 *	...
 *	tls_init(tls, creds, "server.example.org");
 *	if (kept != NULL)
 *		tls_resume_offer(tls, kept);
 *	tls_resume_free(&kept);
 */
#ifndef COMMON_TLS_RESUME_H
#define COMMON_TLS_RESUME_H

struct tls;
struct tls_resume;

/*
 * Before the handshake: a ticket will be taken of this session, which is 10 KiB
 * larger until then.
 */
void tls_resume_want(struct tls *tls);

/*
 * Of an established session that wants one: a ticket that has come, the newest
 * first, and each once; in TLS 1.2 what has been resumed stays valid if there
 * is no newer one. NULL: there is no other (so far), or no memory. After the
 * first one that is taken, what comes later is not kept.
 */
struct tls_resume *tls_resume_take(struct tls *tls);

/*
 * To a new session, before its handshake. Whether the server takes it,
 * tls_is_resumed tells. -1: it is unusable, and the handshake will be full.
 */
int tls_resume_offer(struct tls *tls, const struct tls_resume *kept);

/*
 * For those who read GnuTLS's session: a ticket may have come, and is kept
 * before the next one takes its place, if it is wanted.
 */
void tls_keep_ticket(struct tls *tls);

/* *kept may be NULL. */
void tls_resume_free(struct tls_resume **kept);

#endif
