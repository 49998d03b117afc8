/*
 * hello_pad: makes a client's ClientHello as long as a post-quantum one, to see
 * whether what is on the way bears it.
 *
 * Use:
 *	tls_init(tls, creds, "server.example.org");
 *	if (kept != NULL)
 *		tls_resume_offer(tls, kept);
 *	tls_pad_hello(tls, kept, 1800);
 */
#ifndef COMMON_TLS_HELLO_PAD_H
#define COMMON_TLS_HELLO_PAD_H

#include <stddef.h>

struct tls;
struct tls_resume;

/*
 * Before the handshake: pads the ClientHello (RFC 7685) so that the record that
 * holds it has size bytes, at most 16384; one that is as long without stays as
 * it is. offered is what tls_resume_offer was given, or NULL. A hello like it
 * is made to be measured, so this costs what making one costs. -1: there is no
 * memory, or GnuTLS refuses.
 */
int tls_pad_hello(
    struct tls *tls, const struct tls_resume *offered, size_t size);

#endif
