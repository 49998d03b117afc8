/*
 * identities: the certificates that connections take one of in turn, each with
 * its key and a name.
 *
 * They come of a directory, of which NAME.pem with NAME.key is one called NAME
 * if the certificate is for clients and no authority's; or of a list, of which
 * a line is "CERT KEY", or "STEM" for STEM.pem and STEM.key: relative to the
 * list, and called like CERT without its extension, or like STEM.
 *
 * Owns:	names and keys, which children forked later have, too.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	if (identities_load(&identities, "ca/clients", &e) < 0) ...
 *	id = identities_turn(&identities, i);
 *	identities_free(&identities);
 */
#ifndef CLIENT_IDENTITIES_IDENTITIES_H
#define CLIENT_IDENTITIES_IDENTITIES_H

#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/creds/certified_key.h"

struct identity {
	char *name;
	struct tls_certified_key own;
};

struct identities {
	struct identity *of; /* a directory's by name, a list's as they stand */
	unsigned count;
	unsigned *by_name; /* indices, in the order of strcmp(3) */
};

/* At least one, no two of one name, each of which may sign; empty after a
 * failure. Their number and names are checked before any of them is read. */
int identities_load(struct identities *ids, const char *path, struct errmsg *e);

/* Harmless when all zero. */
void identities_free(struct identities *ids);

/* The index of the one that has this name, which need not end with a NUL; -1:
 * none has. */
int identities_find(
    const struct identities *ids, const char *name, size_t size);

/* The index of number turn, over and over from the first. */
static inline unsigned
identities_turn(const struct identities *ids, unsigned turn)
{
	return turn % ids->count;
}

#endif
