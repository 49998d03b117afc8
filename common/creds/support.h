/*
 * support: versions, cipher suites, groups and signature schemes of TLS in
 * IANA's numbers: what a priority string allows, what they are called, and
 * which kinds of key they go with.
 *
 * GnuTLS has numbers of its own, and tells IANA's for cipher suites only.
 *
 * Use:
 *	struct tls_support own;
 *	tls_support_read(&own, priority);
 *	if (!tls_numbers_meet(&own.groups, &offered)) ...
 */
#ifndef COMMON_CREDS_SUPPORT_H
#define COMMON_CREDS_SUPPORT_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TLS_NUMBERS = 64, /* of a list; further ones are left out */
	TLS_NUMBER_TLS13 = 0x0304,
	TLS_NUMBER_TLS12 = 0x0303,
	TLS_NUMBER_X25519_MLKEM768 = 0x11ec,
};

/* In order of preference; what a client sends may hold reserved ones (RFC 8701,
 * GREASE). */
struct tls_numbers {
	unsigned count;
	uint16_t of[TLS_NUMBERS];
};

/* Kinds of key that a certificate may have; they are bits of a set. */
enum {
	TLS_KEY_RSA = 1,
	TLS_KEY_RSA_PSS = 2, /* RSA that is for PSS only */
	TLS_KEY_P256 = 4,
	TLS_KEY_P384 = 8,
	TLS_KEY_P521 = 16,
	TLS_KEY_ED25519 = 32,
	TLS_KEY_ED448 = 64,
	TLS_KEY_RSA_ENCRYPTION = 128, /* not for signatures; may be both */
	TLS_KEY_ANY_RSA = TLS_KEY_RSA | TLS_KEY_RSA_PSS,
	TLS_KEY_ECDSA = TLS_KEY_P256 | TLS_KEY_P384 | TLS_KEY_P521,
	TLS_KEY_EDDSA = TLS_KEY_ED25519 | TLS_KEY_ED448,
	TLS_KEY_ALL = TLS_KEY_ANY_RSA | TLS_KEY_ECDSA | TLS_KEY_EDDSA,
};

struct tls_support {
	struct tls_numbers versions, suites, groups, schemes;
	/* Of each suite: those of TLS 1.3 say nothing about keys. */
	bool is_tls13[TLS_NUMBERS];
	bool needs_group[TLS_NUMBERS]; /* (EC)DHE */
	uint8_t keys[TLS_NUMBERS];
};

void tls_support_read(struct tls_support *support, gnutls_priority_t priority);

/* IANA's numbers of what a session has agreed on; 0: none, or not known. */
uint16_t tls_number_of_version(gnutls_protocol_t version);
uint16_t tls_number_of_group(gnutls_group_t group);
uint16_t tls_number_of_suite(gnutls_protocol_t version,
    gnutls_kx_algorithm_t kx, gnutls_cipher_algorithm_t cipher,
    gnutls_mac_algorithm_t mac);

bool tls_numbers_have(const struct tls_numbers *list, uint16_t number);

/* They have one in common. */
bool tls_numbers_meet(const struct tls_numbers *a, const struct tls_numbers *b);

/* The kinds of key that can make signatures of one of both lists. */
unsigned tls_keys_of_schemes(const struct tls_numbers *own,
    const struct tls_numbers *offered, bool is_tls13);

/* The schemes of a list with which these kinds of key sign. */
void tls_schemes_of_keys(struct tls_numbers *to, const struct tls_numbers *list,
    unsigned keys, bool is_tls13);

/* What a certificate's key may be used as (RFC 5280, 4.2.1.3); 0: of no use in
 * TLS. Of these only RSA can be of two kinds. */
unsigned tls_key_kinds(gnutls_pubkey_t key);

enum tls_numbers_kind {
	TLS_NUMBERS_VERSIONS,
	TLS_NUMBERS_SUITES,
	TLS_NUMBERS_GROUPS,
	TLS_NUMBERS_SCHEMES,
};

/* "x25519,secp256r1,0x1234", cut where it does not fit. Returns text. */
const char *tls_numbers_format(const struct tls_numbers *list,
    enum tls_numbers_kind kind, char *text, size_t size);

#endif
