/*
 * name: the names that certificates are made for.
 *
 * A server is named by DNS names (a wildcard *.example.org is one) and IP
 * addresses; a client by all kinds of alternative names (x509/san.h), but not
 * by a wildcard. A name's stem is what its files are called: NAME.pem,
 * NAME.key, NAME.pfx.
 *
 * Borrows:	name_parse_* keep the pointer to the text.
 * Errors:	-1 and a line that quotes the name and says what is wrong.
 * Use:
 *	struct name name;
 *	char stem[NAME_STEM_SIZE];
 *	if (name_parse_server(&name, "localhost", &e) < 0 ||
 *	    name_stem(stem, name.text, &e) < 0) ...
 */
#ifndef CERTS_NAME_H
#define CERTS_NAME_H

#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/x509/san.h"

enum {
	/* With ".pem" and mkstemp's suffix it stays below 255. */
	NAME_STEM_SIZE = 232,
	/* RFC 5280, upper bound of a common name. */
	NAME_COMMON_MAX = 64
};

struct name {
	const char *text;
	struct tls_san san;
};

int name_parse_server(struct name *out, const char *text, struct errmsg *e);
int name_parse_client(struct name *out, const char *text, struct errmsg *e);

/* An authority's: UTF-8 without control characters, 1 to NAME_COMMON_MAX. */
int name_check_common(const char *text, struct errmsg *e);

/*
 * What a file name cannot hold well becomes '_', a leading '*' "_wildcard". It
 * fails when the files would be the authority's own, hidden, or too long.
 */
int name_stem(
    char stem[static NAME_STEM_SIZE], const char *text, struct errmsg *e);

#endif
