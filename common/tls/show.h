/*
 * show: a client that has many certificates, and shows another one in each
 * session of the same credentials (creds/creds.h, shows_by_session).
 *
 * Use:
 *	tls_init(tls, creds, "server.example.org");
 *	tls_show(tls, &own);
 */
#ifndef COMMON_TLS_SHOW_H
#define COMMON_TLS_SHOW_H

struct tls;
struct tls_certified_key;

/* Before the handshake, which asks for it. own outlives the handshake. */
void tls_show(struct tls *tls, const struct tls_certified_key *own);

#endif
