/*
 * allow_rule: one rule of tls_allow, from text to the bytes that are compared.
 *
 * Use:
 *	if (tls_allow_rule_parse(&rule, "san", 3, value, size, &e) < 0) ...
 */
#ifndef COMMON_X509_ALLOW_RULE_H
#define COMMON_X509_ALLOW_RULE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/x509/san.h"

enum {
	TLS_ALLOW_RULE_VALUE = 2048, /* the longest value, and SPIFFE ID */
	TLS_ALLOW_RULE_PIN = 32      /* SHA-256 */
};

enum tls_allow_rule_kind {
	/* Alternative names. */
	TLS_ALLOW_RULE_DNS_NAME = TLS_SAN_DNS_NAME,
	TLS_ALLOW_RULE_URI = TLS_SAN_URI,
	TLS_ALLOW_RULE_EMAIL = TLS_SAN_EMAIL,
	TLS_ALLOW_RULE_ADDRESS = TLS_SAN_ADDRESS,
	TLS_ALLOW_RULE_CN = TLS_SAN_KINDS,
	TLS_ALLOW_RULE_KEY, /* a pin */
	TLS_ALLOW_RULE_KINDS
};

/* Kind, size and bytes are what is compared. */
struct tls_allow_rule {
	enum tls_allow_rule_kind kind;
	size_t size;
	uint8_t *value; /* TLS_ALLOW_RULE_VALUE bytes when it is parsed */
};

/*
 * Fills rule, whose value points to room for TLS_ALLOW_RULE_VALUE bytes, from a
 * word and the text after it. Errors can follow "--allow-san: ".
 */
int tls_allow_rule_parse(struct tls_allow_rule *rule, const char *word,
    size_t word_size, const char *text, size_t size, struct errmsg *e);

/* Lower case of A to Z, whatever the locale. */
void tls_allow_rule_lower(uint8_t *bytes, size_t size);

/* Of spiffe://TRUST-DOMAIN/...: the size up to that slash, with it; else 0. */
size_t tls_allow_rule_trust_domain(const uint8_t *uri, size_t size);

#endif
