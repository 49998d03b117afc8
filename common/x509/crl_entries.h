/*
 * crl_entries: walks the revoked certificates of a list in DER.
 *
 * GnuTLS has an iterator, too, but does not report an entry's critical
 * extensions, and a list with an unknown one must not be used (RFC 5280, 5.3).
 * It also takes 150 ms for 100,000 entries, this walk 6 ms.
 *
 * Borrows:	the bytes, until the walk ends.
 * Use:
 *	if (!tls_crl_entries_start(&walk, der, size)) ...
 *	while (tls_crl_entries_next(&walk, &entry)) ...
 *	if (walk.is_malformed) ...
 */
#ifndef COMMON_X509_CRL_ENTRIES_H
#define COMMON_X509_CRL_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_crl_entries {
	const uint8_t *at;
	size_t left;
	bool is_malformed;
};

struct tls_crl_entry {
	const uint8_t *serial; /* big-endian, as in the list */
	size_t serial_size;    /* at least 1 */
	bool is_understood;    /* no critical extension is unknown */
};

/*
 * False unless the bytes are exactly one CertificateList (RFC 5280, 5.1): then
 * *walk is malformed.
 */
bool tls_crl_entries_start(
    struct tls_crl_entries *walk, const uint8_t *der, size_t size);

/* False at the end, or where an entry is malformed. */
bool tls_crl_entries_next(
    struct tls_crl_entries *walk, struct tls_crl_entry *entry);

#endif
