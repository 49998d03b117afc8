/*
 * pem: the blocks of a text in PEM (RFC 7468), and where it is cut off.
 *
 * Libraries look for whole BEGIN lines and skip all else, so that a file which
 * ends within such a line looks like a shorter one that is good.
 *
 * Borrows:	the text.
 * Use:
 *	struct tls_pem pem = tls_pem_of(&bytes);
 *	while (tls_pem_next(&pem, "CERTIFICATE"))
 *		... pem.block, which begins in line pem.line ...
 *	if (pem.is_cut) ...
 */
#ifndef COMMON_X509_PEM_H
#define COMMON_X509_PEM_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct tls_pem {
	const char *at, *end; /* the text that has not been walked yet */
	const char *counted;  /* up to where lines have been counted */
	size_t line;     /* of the block, or where the text is cut: from 1 */
	unsigned number; /* of the block among those of its label: from 1 */
	gnutls_datum_t
	    block;   /* from its BEGIN to the next one, or to the end */
	bool is_cut; /* the text ends within a BEGIN line */
};

struct tls_pem tls_pem_of(const struct file_bytes *bytes);

/*
 * Finds the next block of this label, or of "X509 " and this label; others are
 * skipped. False at the end.
 */
bool tls_pem_next(struct tls_pem *pem, const char *label);

/* How many blocks of this label there are in all. */
unsigned tls_pem_count(const struct file_bytes *bytes, const char *label);

/* After the end: -1 and words that can follow the file's name, if it is cut. */
int tls_pem_check_end(const struct tls_pem *pem, struct errmsg *e);

#endif
