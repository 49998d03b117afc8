/*
 * tls_bundle: credentials as bytes, from files and between processes.
 *
 * Owns:	the bytes; tls_bundle_free clears them.
 * Errors:	-1 and a line that names the file and what is wrong with it.
 * Use:
 *	struct tls_bundle bundle = TLS_BUNDLE_INIT;
 *	if (tls_bundle_load(&bundle, &files, &e) < 0 ||
 *	    (fd = tls_bundle_seal(&bundle, &e)) < 0) ...
 *	tls_bundle_free(&bundle);
 */
#ifndef COMMON_TLS_BUNDLE_H
#define COMMON_TLS_BUNDLE_H

#include "common/errmsg.h"
#include "common/file.h"

/* File names from the command line; NULL where not given. */
struct tls_files {
	const char *cert;   /* PEM: the leaf first, then its issuers */
	const char *key;    /* PEM */
	const char *ca;     /* PEM: roots that peers are verified against */
	const char *pkcs12; /* RFC 7292: instead of cert and key */
	const char *password_file; /* its first line opens pkcs12 */
};

struct tls_bundle {
	struct file_bytes ca, cert, key; /* PEM */
	struct file_bytes ticket_key;    /* may be empty: no tickets */
};

#define TLS_BUNDLE_INIT                                               \
	{                                                             \
		.ca = FILE_BYTES_INIT, .cert = FILE_BYTES_INIT,       \
		.key = FILE_BYTES_INIT, .ticket_key = FILE_BYTES_INIT \
	}

/* A combination of options that makes sense, or -1: usage. */
int tls_files_check(const struct tls_files *files, struct errmsg *e);

/* Reads the files; PKCS#12 becomes PEM. Leaves ticket_key empty. */
int tls_bundle_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e);

/* Makes a new key for session tickets (RFC 5077, RFC 8446 4.6.1). */
int tls_bundle_new_ticket_key(struct tls_bundle *bundle, struct errmsg *e);

/*
 * Writes the bundle to a new memfd and seals it (memfd_create(2)): nobody can
 * change it any more. The descriptor, close-on-exec, or -1.
 */
int tls_bundle_seal(const struct tls_bundle *bundle, struct errmsg *e);

/* Reads a sealed bundle; the descriptor's offset is neither used nor moved. */
int tls_bundle_open(struct tls_bundle *bundle, int fd, struct errmsg *e);

void tls_bundle_free(struct tls_bundle *bundle);

#endif
