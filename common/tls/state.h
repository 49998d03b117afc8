/*
 * state: struct tls, so that others can embed it. Its members are private to
 * the files of tls; tls/session.h says what to do with it.
 */
#ifndef COMMON_TLS_STATE_H
#define COMMON_TLS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"

struct tls_output;
struct tls_partial;
struct tls_gnutls;
struct tls_identity;

enum {
	TLS_IV_SIZE = 12,
	TLS_SECRET_MAX = 48, /* of SHA-384; a key has at most 32 */
};

enum tls_way {
	TLS_IN,
	TLS_OUT,
	TLS_WAYS
};

/* What protects the records of one direction. */
struct tls_key {
	struct api_aead_cipher_hd_st *cipher; /* NULL: see tls_rest */
	uint64_t number;                      /* of the next record */
	uint8_t iv[TLS_IV_SIZE];
};

/* The handshake message of which a part has come (RFC 8446, 4). */
struct tls_message {
	uint8_t header[4]; /* type, length */
	uint8_t header_size;
	uint32_t left; /* of its body */
};

/* What the handshake has agreed on, in GnuTLS's numbers; see tls/params.h. */
struct tls_agreed {
	uint8_t version, cipher, mac, hash, kx;
	uint16_t group, sign;
	const char *alpn; /* of the settings; NULL: none */
	bool resumed;
	bool lacks_own; /* there was no certificate to show */
};

/* What became of session tickets, at a server. */
struct tls_ticket_use {
	bool offered; /* by the client */
	bool known;   /* made with one of our keys, to judge by its name */
	bool other_version; /* of GnuTLS: it will not be resumed */
	uint8_t issued;
};

/* What a client offered, at its server. */
struct tls_offer {
	uint32_t size; /* of its ClientHello, in bytes; 0: none has come */
	bool tls13;
	bool post_quantum; /* a group */
};

/* What became of the peer's chain in the cache (creds/chain_cache.h). */
struct tls_chain_use {
	bool hit;     /* found there, and not verified again */
	bool missed;  /* not found there */
	bool evicted; /* another had to make room for it */
};

struct tls {
	/* What an echo touches comes first, in 128 bytes. */
	struct tls_key keys[TLS_WAYS];
	const struct tls_output *output;
	void *output_owner;
	struct tls_gnutls *gnutls;   /* NULL: the records are ours */
	struct tls_partial *partial; /* record of which a part has come */
	struct tls_message message;
	uint16_t sent_max;     /* content of the largest record to be sent */
	uint16_t without_data; /* records since the last one with data */
	bool is_server;
	bool established;
	bool is_tls13;
	bool owes_key; /* the peer has asked for an update of our key */
	bool said_close_notify;
	uint8_t warnings; /* tolerated so far */

	struct tls_identity *peer; /* NULL: no certificate was asked for */
	struct tls_identity *own;  /* shown to the peer; NULL: none was */
	uint8_t peer_alert;        /* if that is the reason */
	uint8_t sent_alert;        /* the last fatal one; 0: none */
	enum close_reason reason;  /* why it failed, or NONE */
	struct tls_agreed agreed;
	struct tls_ticket_use ticket;
	struct tls_offer offer;
	struct tls_chain_use chain;
	/* TLS 1.3: traffic secrets (RFC 8446, 7.2); TLS 1.2: keys. */
	uint8_t secrets[TLS_WAYS][TLS_SECRET_MAX];
};

#endif
