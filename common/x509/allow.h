/*
 * allow: who is allowed in, of those whose certificate is valid.
 *
 * One rule a line; blank lines and lines that begin with # are skipped:
 *
 *	cn Alice Example
 *	san *.clients.example.org
 *	san spiffe://example.org/backend
 *	pin sha256:d75f0a9c...
 *
 * Any one rule that matches allows. No rule at all allows everyone.
 *
 * cn NAME	is the subject's common name, byte for byte as UTF-8. Of several
 *		common names the last in the subject counts: the most specific.
 * san PATTERN	is one of the subject's alternative names; x509/san.h says of
 *		which kind. A DNS name, in any case, may begin with the label *,
 *		which stands for exactly one label (RFC 6125, 6.4.3); a wildcard
 *		in the certificate matches the same text only. URIs and e-mail
 *		addresses match byte for byte, but a SPIFFE ID whose whole path
 *		is * is every path of its trust domain. A certificate with
 *		several URIs is no SPIFFE identity (X509-SVID, 2): none of its
 *		spiffe: URIs matches.
 * pin sha256:X	is the SHA-256 of the public key (SubjectPublicKeyInfo), as 64
 *		hexadecimal digits, perhaps with colons, or in base64 as in
 *		RFC 7469.
 *
 * Rules are sorted, and a certificate's names searched for by bisection, so
 * that 10,000 rules cost no more than a few.
 *
 * Owns:	its own copy of the text.
 * Threads:	rules do not change; any number of threads may ask.
 * Errors:	-1 and a line that names origin and line number.
 * Use:
 *	if (tls_allow_parse(&rules, text, size, "allow.txt", &e) < 0) ...
 *	if (!tls_allow_matches(rules, leaf)) ...
 *	tls_allow_free(&rules);
 */
#ifndef COMMON_X509_ALLOW_H
#define COMMON_X509_ALLOW_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct tls_allow;

int tls_allow_parse(struct tls_allow **rules, const char *text, size_t size,
    const char *origin, struct errmsg *e);
void tls_allow_free(struct tls_allow **rules);

/* leaf is NULL for a client without a certificate: no rule matches it. */
bool tls_allow_matches(const struct tls_allow *rules, gnutls_x509_crt_t leaf);

size_t tls_allow_count(const struct tls_allow *rules);

/*
 * Adds the line of a rule to a text, which may be empty; kind is "cn", "san" or
 * "pin". Errors can follow the name of an option.
 */
int tls_allow_append(struct file_bytes *text, const char *kind,
    const char *value, struct errmsg *e);

#endif
