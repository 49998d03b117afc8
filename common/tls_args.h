/*
 * tls_args: the options for credentials, the same in server and client.
 *
 * Use:
 *	static const struct args_option options[] = {
 *		TLS_ARGS(struct config, files, priority),
 */
#ifndef COMMON_TLS_ARGS_H
#define COMMON_TLS_ARGS_H

#include "common/args.h"
#include "common/tls_bundle.h"
#include "common/tls_creds.h"

/* type has a struct tls_files and a const char *for the priority. */
#define TLS_ARGS(type, files, priority)                                        \
	ARGS_STRING(0, "cert", "FILE", type, files.cert,                       \
	    "own certificate and its issuers, PEM"),                           \
	    ARGS_STRING(0, "key", "FILE", type, files.key,                     \
		"private key of the certificate, PEM"),                        \
	    ARGS_STRING(0, "ca", "FILE", type, files.ca,                       \
		"roots that the peer is verified against, PEM"),               \
	    ARGS_STRING(0, "pkcs12", "FILE", type, files.pkcs12,               \
		"certificate and key, instead of --cert and --key"),           \
	    ARGS_STRING(0, "password-file", "FILE", type, files.password_file, \
		"its first line opens --pkcs12"),                              \
	    ARGS_STRING(0, "priority", "STRING", type, priority,               \
		"GnuTLS priority string (default\n" TLS_PRIORITY_DEFAULT ")")

#endif
