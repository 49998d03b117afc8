/*
 * constraints: the name constraints that GnuTLS 3.7 ignores.
 *
 * It applies permitted DNS names, e-mail and IP addresses, and those and
 * directory names that are excluded, but neither permitted URIs and directory
 * names nor names of other types: a leaf with other ones would pass. RFC 5280,
 * 4.2.1.10: process them, or reject the certificate.
 *
 * Use:
 *	if (!tls_constraints_allow(issuer, leaf)) ...
 */
#ifndef COMMON_X509_CONSTRAINTS_H
#define COMMON_X509_CONSTRAINTS_H

#include <gnutls/x509.h>
#include <stdbool.h>

/*
 * Whether an issuer somewhere above a leaf allows the leaf's URIs: each must
 * have a host that is permitted. An issuer with constraints that cannot be
 * checked here, or read, allows nothing.
 */
bool tls_constraints_allow(gnutls_x509_crt_t issuer, gnutls_x509_crt_t leaf);

/* Whether the issuer has some that are to be looked after here. */
bool tls_constraints_exist(gnutls_x509_crt_t issuer);

#endif
