/*
 * args: the options for credentials, the same in server and client.
 *
 * Use:
 *	static const struct args_option options[] = {
 *		TLS_FILES_ARGS(struct config, files),
 *		ARGS_CALL(0, "priority", "STRING", set, TLS_PRIORITY_HELP),
 */
#ifndef COMMON_CREDS_ARGS_H
#define COMMON_CREDS_ARGS_H

#include "common/creds/files.h"
#include "common/creds/priority.h"
#include "common/sys/args.h"

/* field is the name of a struct tls_files in type; one identity only. */
#define TLS_FILES_ARGS(type, field)                           \
	ARGS_STRING(0, "cert", "FILE", type, field.cert[0],   \
	    "own certificate and its issuers, PEM"),          \
	    ARGS_STRING(0, "key", "FILE", type, field.key[0], \
		"private key of the certificate, PEM"),       \
	    TLS_TRUST_ARGS(type, field)

/* All but --cert and --key, which a server may have several times. */
#define TLS_TRUST_ARGS(type, field)                                            \
	ARGS_STRING(0, "ca", "FILE", type, field.ca,                           \
	    "roots that the peer is verified against, PEM"),                   \
	    ARGS_STRING(0, "pkcs12", "FILE", type, field.pkcs12,               \
		"certificate and key, instead of --cert and --key"),           \
	    ARGS_STRING(0, "password-file", "FILE", type, field.password_file, \
		"its first line opens --pkcs12")

/* For --priority, which is checked with tls_priority_check. */
#define TLS_PRIORITY_HELP                                         \
	"GnuTLS priority string (default\n" TLS_PRIORITY_VERSIONS \
	"\n" TLS_PRIORITY_CIPHERS "\n" TLS_PRIORITY_GROUPS ")"

#endif
