/*
 * info: what a session has negotiated and with whom, as text.
 *
 * The names are those of .NET's SslStream, for people who compare the two.
 *
 * Use:
 *	struct tls_info facts;
 *	tls_info_read(&facts, tls);
 *	tls_info_format(&facts, FACTS_LOGFMT, text, sizeof text);
 */
#ifndef COMMON_TLS_INFO_H
#define COMMON_TLS_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/facts.h"
#include "common/x509/describe.h"

struct tls;

enum {
	TLS_INFO_TEXT = 6144
};

struct tls_info_cert {
	char issuer[TLS_NAME_TEXT]; /* these three: see x509/describe.h */
	char subject[TLS_NAME_TEXT];
	char names[TLS_NAMES_TEXT];
	char sha1[41]; /* of the DER, upper-case hexadecimal */
	char sha256[65];
};

struct tls_info {
	const char *protocol; /* "TLS1.3" */
	const char *cipher;   /* "AES-256-GCM" */
	int cipher_bits;
	const char *hash;      /* of the key schedule: "SHA384" */
	char key_exchange[64]; /* "ECDHE-X25519", or without a group "RSA" */
	const char *alpn;      /* application protocol; "none" without one */
	bool is_server;
	bool is_mutual; /* both sides have shown a certificate */
	/* To a client under TLS 1.3, whether the server takes its certificate:
	 * what comes next tells (RFC 8446, 4.4.2.4). */
	bool is_mutual_unknown;
	bool is_resumed;
	struct tls_info_cert remote, local; /* empty strings: none */
};

/* Of an established session. */
void tls_info_read(struct tls_info *facts, const struct tls *tls);

/*
 * Hands over the names of the certificate that the peer has shown, if any: see
 * tls_describe_each_name.
 */
void tls_info_each_name(
    const struct tls *tls, tls_describe_take *take, void *owner);

/*
 * Who the peer says it is: the subject of its certificate, or if that is empty
 * the first alternative name; "" without a certificate. It need not be
 * established, nor the certificate good. Returns text.
 */
const char *tls_info_name(
    const struct tls *tls, char text[static TLS_NAME_TEXT]);

/* Returns text, cut where it does not fit. */
const char *tls_info_format(const struct tls_info *facts,
    enum facts_style style, char *text, size_t size);

#endif
