/*
 * revocation: revocation lists made in memory, good and bad ones, in DER
 * (RFC 5280, 5) of our own, since GnuTLS would refuse to write the bad ones and
 * takes minutes for long ones.
 *
 * Owns:	the bytes that are filled belong to the caller.
 * Errors:	all fail the test.
 * Use:
 *	revocation_make(&der, &(struct revocation_options){ .number = 1,
 *	    REVOCATION_SERIALS("\x01\x02", 1) }, &root);
 *	revocation_append_pem(&pem, &der);
 */
#ifndef TESTS_SUPPORT_REVOCATION_H
#define TESTS_SUPPORT_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sys/file.h"
#include "tests/support/pki.h"

struct revocation_options {
	int64_t from_s; /* from now; both 0: an hour to each side */
	int64_t until_s;
	bool is_endless;     /* without nextUpdate */
	bool is_sha1;        /* of the signature; else SHA-256 */
	uint8_t number;      /* up to 127; 0: none */
	const void *serials; /* contents of INTEGERs, one after the other */
	size_t serial_size;  /* of each */
	size_t serial_count;
	const void *extension; /* DER of one more extension of the list */
	size_t extension_size;
	const void *entry_extension; /* and of each entry */
	size_t entry_extension_size;
};

/* The members for serial numbers in a string of so many bytes each. */
#define REVOCATION_SERIALS(text_, size_)            \
	.serials = (text_), .serial_size = (size_), \
	.serial_count = (sizeof(text_) - 1) / (size_)

/* Fills empty bytes. The issuer's key is one of P-256. */
void revocation_make(struct file_bytes *der,
    const struct revocation_options *options, const struct pki *issuer);

void revocation_append_pem(
    struct file_bytes *pem, const struct file_bytes *der);

#endif
