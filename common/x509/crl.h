/*
 * crl: revocation lists (RFC 5280, 5) at no cost per handshake.
 *
 * tls_crl_build reads and verifies lists once and makes one table of them:
 * plain bytes without pointers, 32 of them per revoked certificate, which may
 * lie at any address and alignment. Processes that map the same sealed file
 * share its pages, and a lookup is two SHA-256 and one probe, however long the
 * lists are.
 *
 * Lists must be complete: delta lists, indirect ones, those of some reasons
 * only and those with unknown critical extensions are refused, and so are those
 * whose issuer is not among the CA certificates; otherwise they would be
 * ignored, and the revoked let in. A list that is about a part of the issuer's
 * certificates (x509/crl_scope.h) counts for these alone. Of several lists of
 * one scope that one key of one issuer has signed, the newest counts and the
 * others are dropped: it supersedes them (5.2.3), and may lack what has expired
 * since. Lists of one issuer by different keys, as after a change of keys,
 * count together. An entry counts whatever its reason, certificateHold too.
 *
 * Owns:	tls_crl_build's table belongs to the caller (file_bytes_free).
 * Borrows:	struct tls_crl: the bytes, until tls_crl_close.
 * Threads:	an open table is read-only, for any number of threads.
 * Errors:	-1 and a line that names the file and the issuer.
 * Use:
 *	if (tls_crl_build(&table, paths, count, &ca_pem, &e) < 0) ...
 *	... another process, where the table has been mapped:
 *	if (tls_crl_open(&crl, bytes, size, &e) < 0) ...
 *	if (tls_crl_check(crl, leaf, time(NULL)) == TLS_CRL_REVOKED) ...
 */
#ifndef COMMON_X509_CRL_H
#define COMMON_X509_CRL_H

#include <gnutls/x509.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct tls_crl;

enum tls_crl_answer {
	TLS_CRL_GOOD,
	TLS_CRL_REVOKED,  /* also by a list that is outdated */
	TLS_CRL_NO_LIST,  /* of the certificate's issuer, for it */
	TLS_CRL_OUTDATED, /* a list of the issuer is past its nextUpdate */
};

enum {
	TLS_CRL_NAME = 72
};

/*
 * Makes the table of files in PEM, which may hold several lists, or DER. Each
 * list's signature is verified against the certificates in ca_pem that may sign
 * lists, each of which must be there, intermediate ones too. A list whose
 * nextUpdate has passed is taken; one without it or from the future is not. No
 * files make a table without lists.
 */
int tls_crl_build(struct file_bytes *table, const char *const *paths, int count,
    const struct file_bytes *ca_pem, struct errmsg *e);

/*
 * Checks the sizes in the table, not each entry: damaged entries give wrong
 * answers, and no worse.
 */
int tls_crl_open(
    struct tls_crl **crl, const void *table, size_t size, struct errmsg *e);
void tls_crl_close(struct tls_crl **crl);

/*
 * Of a certificate whose chain has been verified; for a chain, call it for each
 * certificate but the root. REVOKED wins over OUTDATED. One that cannot be read
 * is REVOKED. Serial numbers are compared without leading zeros.
 */
enum tls_crl_answer tls_crl_check(
    const struct tls_crl *crl, gnutls_x509_crt_t crt, time_t now);

/* The earliest thisUpdate and nextUpdate, perhaps of two lists, in seconds
 * since 1970; 0: there is no list. */
int64_t tls_crl_this_update(const struct tls_crl *crl);
int64_t tls_crl_next_update(const struct tls_crl *crl);

/*
 * Who has to issue it, for a warning: RFC 4514, cut where it is longer than
 * TLS_CRL_NAME. "": there is no list. Valid as long as crl.
 */
const char *tls_crl_next_issuer(const struct tls_crl *crl);

/* How many lists there are, and the nextUpdate of each of them. */
size_t tls_crl_lists(const struct tls_crl *crl);
int64_t tls_crl_list_next_update(const struct tls_crl *crl, size_t i);

/* Revoked certificates of all lists. */
uint64_t tls_crl_entries(const struct tls_crl *crl);

#endif
