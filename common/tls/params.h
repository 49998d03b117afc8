/*
 * params: what a handshake agreed on, as small numbers to count by.
 *
 * The order is that of the counters in stats/counters.def.
 */
#ifndef COMMON_TLS_PARAMS_H
#define COMMON_TLS_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

struct tls;

enum tls_version {
	TLS_VERSION_1_3,
	TLS_VERSION_1_2,
	TLS_VERSION_OTHER
};

enum tls_suite {
	TLS_SUITE_AES_256_GCM,
	TLS_SUITE_AES_128_GCM,
	TLS_SUITE_CHACHA20,
	TLS_SUITE_OTHER
};

enum tls_group {
	TLS_GROUP_X25519,
	TLS_GROUP_SECP256R1,
	TLS_GROUP_SECP384R1,
	TLS_GROUP_SECP521R1,
	TLS_GROUP_X25519_MLKEM768,
	TLS_GROUP_HYBRID_OTHER, /* with ML-KEM, or Kyber, which it was before */
	TLS_GROUP_OTHER         /* finite fields, or none: RSA key exchange */
};

struct tls_params {
	enum tls_version version;
	enum tls_suite suite;
	enum tls_group group;
	bool alpn; /* an application protocol (RFC 7301) */
};

/* Of an established session. */
struct tls_params tls_params_read(const struct tls *tls);

/* IANA's numbers of the same (TLS Parameters); 0: none, or not known. */
struct tls_code_points {
	uint16_t version, suite, group;
};

/* Of an established session. */
struct tls_code_points tls_params_code_points(const struct tls *tls);

/* The names that GnuTLS gives them, which last as long as the process. */
struct tls_names {
	const char *version;   /* "TLS1.3" */
	const char *suite;     /* its cipher: "AES-256-GCM" */
	const char *group;     /* "X25519"; "none" without one */
	const char *signature; /* of the server; "none", as when it resumes */
	bool is_post_quantum;  /* the group has ML-KEM (FIPS 203) in it */
	const char *alpn;      /* application protocol; "none" without one */
};

/* Of an established session. */
struct tls_names tls_params_names(const struct tls *tls);

#endif
