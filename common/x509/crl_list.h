/*
 * crl_list: one revocation list, verified and judged fit for use.
 *
 * Owns:	its entries; tls_crl_list_free frees them.
 * Errors:	-1 and what is wrong, to follow the name of the file.
 * Use:
 *	if (tls_crl_list_read(&list, &der, &authorities, &e) < 0) ...
 *	tls_crl_list_free(&list);
 */
#ifndef COMMON_X509_CRL_LIST_H
#define COMMON_X509_CRL_LIST_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/x509/chain.h"
#include "common/x509/private.h"

enum {
	TLS_CRL_NUMBER = 21 /* 20 bytes (RFC 5280, 5.2.3) and a sign */
};

struct tls_crl_list {
	struct tls_crl_row row;
	struct tls_crl_slot *slots;     /* as many as row.info.entries */
	uint8_t signer[TLS_CRL_HASH];   /* hash of the key that signed it */
	uint8_t number[TLS_CRL_NUMBER]; /* big-endian, without leading zeros */
	size_t number_size;             /* 0: it has none */
};

int tls_crl_list_read(struct tls_crl_list *list, const gnutls_datum_t *der,
    const struct tls_chain *authorities, struct errmsg *e);
void tls_crl_list_free(struct tls_crl_list *list);

/* Whether both are of one issuer, key and scope, so that only one counts. */
bool tls_crl_list_is_rival(
    const struct tls_crl_list *a, const struct tls_crl_list *b);

#endif
