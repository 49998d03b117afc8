/*
 * crl_case: what a case about revocation lists begins with: a directory, an
 * authority, its CA file, an empty table.
 *
 * Use:
 *	crl_case_begin(&c);
 *	crl_case_write(
 *	    "f", &(struct revocation_options){ .number = 1 }, &c.root);
 *	crl_case_build(&c, (const char *[]){ "f" }, 1);
 *	crl_case_end(&c);
 */
#ifndef TESTS_SUPPORT_CRL_CASE_H
#define TESTS_SUPPORT_CRL_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"
#include "tests/support/pki.h"
#include "tests/support/revocation.h"

struct crl_case {
	struct pki root;
	struct file_bytes ca;    /* PEM; more may be appended */
	struct file_bytes table; /* see x509/crl.h */
	struct errmsg e;
};

void crl_case_begin(struct crl_case *c);
void crl_case_end(struct crl_case *c);

/* Writes a list of an issuer, in DER. */
void crl_case_write(const char *path, const struct revocation_options *options,
    const struct pki *issuer);
void crl_case_write_bytes(const char *path, const struct file_bytes *b);

/* Builds the table, which must be possible. */
void crl_case_build(struct crl_case *c, const char *const *paths, int count);

/* Builds from "f": an error with this text, or none if it is NULL. */
void crl_case_expect(struct crl_case *c, const char *text);

/* Whether the table has a certificate of this issuer and serial number. */
bool crl_case_has(
    const struct crl_case *c, const struct pki *issuer, uint8_t serial);

/* The number of lists in the table. */
uint64_t crl_case_lists(const struct crl_case *c);

#endif
