/*
 * hold: a server's handshake that stands still when the ClientHello is whole,
 * before what costs most: our signature, and all that the client sends then.
 *
 * Use:
 *	tls_hold(&tls);
 *	while (tls_handshake(&tls, &in) == TLS_HELD)
 *		... wait until there is time for it ...
 */
#ifndef COMMON_TLS_HOLD_H
#define COMMON_TLS_HOLD_H

struct tls;

/*
 * Before the first tls_handshake, of a server. That returns TLS_HELD, once,
 * with the rest of the input not yet taken; the next call goes on.
 */
void tls_hold(struct tls *tls);

#endif
