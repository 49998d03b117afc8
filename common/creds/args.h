/*
 * args: the options for credentials, the same in server and client: which
 * files. creds/files.h reads them.
 *
 * Borrows:	file names; they point into argv.
 * Use:
 *	static const struct args_option options[] = {
 *		TLS_FILES_ARGS(struct config, files),
 *		ARGS_CALL(0, "priority", "STRING", set, TLS_PRIORITY_HELP),
 *		{ .name = NULL },
 *	};
 *	if (tls_files_check(&config.files, &e) < 0) ...
 */
#ifndef COMMON_CREDS_ARGS_H
#define COMMON_CREDS_ARGS_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"
#include "common/sys/args.h"

enum {
	TLS_CA_FILES_MAX = 16,
	TLS_ALPN_NAME = 256 /* RFC 7301, 3.1: 1 to 255 bytes, and a NUL */
};

/* File names; NULL where not given, and at the end of a list. */
struct tls_files {
	/* PEM: the leaf first, then its issuers. The n-th belongs to key n. */
	const char *cert[TLS_KEY_PAIRS_MAX];
	const char *key[TLS_KEY_PAIRS_MAX]; /* PEM */
	/* PEM: roots that peers are verified against. */
	const char *ca[TLS_CA_FILES_MAX];
	const char *pkcs12;        /* RFC 7292: instead of cert and key */
	const char *password_file; /* its first line opens these; or NULL */
	/* Refuse keys and passwords that group or others can read. */
	bool private_keys_only;
	bool own_is_optional; /* without any, a client presents none */
	/* cert and key may be URIs: see creds/token.h. */
	bool takes_tokens;
};

/* Whether there is an own certificate. */
static inline bool
tls_files_have_own(const struct tls_files *files)
{
	return files->cert[0] != NULL || files->pkcs12 != NULL;
}

/* 0 if these files go together, else -1 and what option is wrong: usage. */
int tls_files_check(const struct tls_files *files, struct errmsg *e);

/*
 * Appends the names of a list such as "h2,http/1.1", which go to text; the
 * first free place in names is NULL. -1: there are more than TLS_ALPN_MAX, or
 * one is none: it has no byte, too many, or a blank, quote or control
 * character.
 */
int tls_alpn_add(const char *names[static TLS_ALPN_MAX],
    char text[static TLS_ALPN_MAX][TLS_ALPN_NAME], const char *list,
    struct errmsg *e);

/* field is the name of a struct tls_files in type; one key pair only. */
#define TLS_FILES_ARGS(type, field)                           \
	ARGS_STRING(0, "cert", "FILE", type, field.cert[0],   \
	    "own certificate and its issuers, PEM"),          \
	    ARGS_STRING(0, "key", "FILE", type, field.key[0], \
		"private key of the certificate, PEM"),       \
	    TLS_TRUST_ARGS(type, field)

/* All but --cert and --key, which a server may have several times. */
#define TLS_TRUST_ARGS(type, field)                                            \
	ARGS_LIST(0, "ca", "FILE", type, field.ca,                             \
	    "roots that the peer is verified against, PEM;\nrepeatable"),      \
	    ARGS_STRING(0, "pkcs12", "FILE", type, field.pkcs12,               \
		"certificate and key, instead of --cert and --key"),           \
	    ARGS_STRING(0, "password-file", "FILE", type, field.password_file, \
		"its first line opens --pkcs12, or --key if encrypted")

/* For --priority, which is checked with tls_priority_check. */
#define TLS_PRIORITY_HELP                                         \
	"GnuTLS priority string (default\n" TLS_PRIORITY_VERSIONS \
	"\n" TLS_PRIORITY_CIPHERS "\n" TLS_PRIORITY_GROUPS        \
	";\nwhere GnuTLS has X25519MLKEM768, that is first)"

#endif
