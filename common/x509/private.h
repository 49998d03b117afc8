/*
 * private: the table of tls_crl, for crl.c, which reads it, and crl_build.c.
 *
 * A table is a header, row_count rows and slot_count slots, in the byte order
 * and sizes of the host, which is also the only reader. Slots are an open hash
 * table: an entry lies in the first free slot from its own on. They are read by
 * memcpy, since the table may lie at any address.
 */
#ifndef COMMON_X509_PRIVATE_H
#define COMMON_X509_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/x509/crl.h"
#include "common/x509/crl_scope.h"

enum {
	TLS_CRL_HASH = 32,  /* SHA-256 */
	TLS_CRL_SERIAL = 64 /* RFC 5280 allows 20 bytes, 4.1.2.2 */
};

#define TLS_CRL_MAGIC "tlscrl2" /* and its NUL; the digit is the version */

struct tls_crl_header {
	char magic[sizeof TLS_CRL_MAGIC];
	uint64_t row_count;
	uint64_t slot_count;
	uint64_t entry_count; /* half of the slots at most */
};

struct tls_crl_info {
	char issuer[TLS_CRL_NAME]; /* RFC 4514, cut where it does not fit */
	int64_t this_update_s;     /* since 1970 */
	int64_t next_update_s;
	uint64_t entries;
};

/* A list. */
struct tls_crl_row {
	uint8_t issuer[TLS_CRL_HASH]; /* hash of the name's DER */
	struct tls_crl_info info;
	struct tls_crl_scope scope;
};

/*
 * An entry: half the bits of a hash of issuer and serial number, so that a
 * false match is out of reach even for somebody who chooses serial numbers. All
 * zero: a free slot.
 */
struct tls_crl_slot {
	uint64_t home; /* modulo slot_count: the slot where to begin */
	uint64_t rest;
};

void tls_crl_hash(
    const void *data, size_t size, uint8_t hash[static TLS_CRL_HASH]);

/*
 * The entry of a serial number, of which leading zeros do not count; size is at
 * most TLS_CRL_SERIAL.
 */
struct tls_crl_slot tls_crl_make_slot(const uint8_t issuer[static TLS_CRL_HASH],
    const uint8_t *serial, size_t size);

/*
 * Where the entry is among the slots, or else the free slot where it belongs,
 * with *found false. slot_count if there is neither, or no slot at all.
 */
uint64_t tls_crl_probe(const uint8_t *slots, uint64_t slot_count,
    struct tls_crl_slot entry, bool *found);

#endif
