/*
 * token: certificates and private keys in a token (PKCS#11), such as a
 * smartcard or an HSM, named by a URI (RFC 7512): "pkcs11:token=t;object=web".
 *
 * The modules are those of p11-kit's configuration (pkcs11.conf(5)). What is
 * open in a process is not in one that it forks.
 *
 * Errors:	-1 and a line that can follow the key's name; it has no PIN.
 * Use:
 *	if (tls_is_token(uri)) ...
 *	tls_token_describe(&bytes, uri, password, &e);	// where files are read
 *	tls_token_open_key(&key, &bytes, &e);		// where it signs
 */
#ifndef COMMON_CREDS_TOKEN_H
#define COMMON_CREDS_TOKEN_H

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* Whether it is a URI of a token, and no file name. */
bool tls_is_token(const char *name);

enum {
	TLS_TOKEN_TEXT = 256
};

/* The URI without what comes after "?", such as a PIN; cut if it is long. A
 * file's name stays as it is. */
const char *tls_token_name(const char *uri, char text[static TLS_TOKEN_TEXT]);

/*
 * Fills empty bytes with all that it takes to open the key: the URI, and the
 * PIN, which is the first line of the file that pin-source names in the URI, or
 * else the password, if there is one (NULL: none).
 */
int tls_token_describe(struct file_bytes *out, const char *uri,
    const char *password, struct errmsg *e);

/* Whether these bytes are of tls_token_describe, and no key in PEM. */
bool tls_token_is_described(const struct file_bytes *bytes);

/* These must outlive the key: the token may ask for the PIN again. */
int tls_token_open_key(
    gnutls_privkey_t *key, const struct file_bytes *bytes, struct errmsg *e);

/* Appends the certificate and its issuers as far as the token has them. */
int tls_token_read_chain(struct file_bytes *pem, const char *uri,
    const char *password, struct errmsg *e);

/*
 * Whether an error of GnuTLS's is that the token is gone, or its session: it
 * may be good in a new process. One of what the token cannot do, which a client
 * may have asked for, is none.
 */
bool tls_token_has_failed(int error);

#endif
