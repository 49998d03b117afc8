/*
 * show: what the parts of the command show have in common.
 *
 * Use:
 *	show_chain(source->path, &chain);
 */
#ifndef CERTS_SHOW_H
#define CERTS_SHOW_H

#include <gnutls/x509.h>

#include "certs/x509.h"
#include "common/sys/file.h"

struct show_source {
	const char *path;
	struct file_bytes bytes;
	const char *password; /* NULL: none was given */
};

/* "PATH: certificate 1 of 2", and what it says, for each. */
void show_chain(const char *path, const struct tls_chain *chain);

/* Prints a private key in DER, or in PEM the first one; clears nothing. */
int show_key(const struct show_source *source, const gnutls_datum_t *bytes,
    gnutls_x509_crt_fmt_t format, struct errmsg *e);

#endif
