/*
 * key_request: what is asked of a process that has private keys, and what it
 * answers: one message each, over a socket that keeps their bounds (unix(7),
 * SOCK_SEQPACKET). Both ends are the same program.
 *
 * Requests come from creds/signer.h, answers from creds/key_holder.h.
 */
#ifndef COMMON_CREDS_KEY_REQUEST_H
#define COMMON_CREDS_KEY_REQUEST_H

#include <stddef.h>
#include <stdint.h>

enum tls_key_operation {
	TLS_KEY_SIGN_DATA,
	TLS_KEY_SIGN_HASH,
	/* The premaster secret of a key exchange (RFC 5246, 7.4.7.1): */
	TLS_KEY_DECRYPT,
};

enum {
	/* The parameters of FFDHE-8192 have 2 KiB, an RSA key's block 2 KiB. */
	TLS_KEY_REQUEST_DATA = 4096,
	TLS_KEY_REPLY_DATA = 2048,
	TLS_KEY_PREMASTER = 48
};

struct tls_key_request {
	uint32_t id;        /* of the answer, too */
	uint16_t key;       /* number of the key pair */
	uint16_t operation; /* an enum tls_key_operation */
	uint32_t algorithm; /* GnuTLS's number of the signature's; or 0 */
	uint8_t data[TLS_KEY_REQUEST_DATA];
};

struct tls_key_reply {
	uint32_t id;
	int32_t error; /* GnuTLS's, and then there is no data; or 0 */
	uint8_t data[TLS_KEY_REPLY_DATA];
};

#define TLS_KEY_REQUEST_HEAD offsetof(struct tls_key_request, data)
#define TLS_KEY_REPLY_HEAD   offsetof(struct tls_key_reply, data)

#endif
