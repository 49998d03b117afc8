/*
 * pki_file: certificates, keys and revocation lists that were made in memory,
 * as files of the fixture, for real programs.
 *
 * Paths are relative to the fixture's directory. The keys are their owner's.
 *
 * Errors:	all fail the test.
 * Use:
 *	pki_file_write_chain("odd.pem", (const struct pki *[]){ &leaf }, 1);
 *	pki_file_write_key("odd.key", &leaf);
 */
#ifndef TESTS_SUPPORT_PKI_FILE_H
#define TESTS_SUPPORT_PKI_FILE_H

#include <stddef.h>

#include "tests/support/pki.h"

struct revocation_options;

/* The leaf first. */
void pki_file_write_chain(
    const char *path, const struct pki *const *chain, size_t count);
void pki_file_write_key(const char *path, const struct pki *owner);

/*
 * Writes the issuer's list, in PEM; of these options the serials are replaced
 * by that of the revoked, unless it is NULL.
 */
void pki_file_write_crl(const char *path,
    const struct revocation_options *options, const struct pki *issuer,
    const struct pki *revoked);

/* Any bytes, with this mode. */
void pki_file_write(
    const char *path, const void *bytes, size_t n, unsigned mode);

#endif
