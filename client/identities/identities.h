/*
 * identities: the certificates that connections take one of in turn, each with
 * its key and a name.
 *
 * They come of a directory, of which NAME.pem with NAME.key is one called NAME
 * if the certificate is for clients and no authority's; or of a list, of which
 * a line is "CERT KEY", or "STEM" for STEM.pem and STEM.key: relative to the
 * list, and called like CERT without its extension, or like STEM.
 *
 * One client of several (client/part.h) has every N-th of them, from its own
 * number on, and reads no others; where there are fewer than clients, it has
 * one.
 *
 * Owns:	names and keys, which children forked later have, too.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	if (identities_load(&identities, "ca/clients", 0, 1, &e) < 0) ...
 *	id = identities_turn(&identities, i);
 *	identities_free(&identities);
 */
#ifndef CLIENT_IDENTITIES_IDENTITIES_H
#define CLIENT_IDENTITIES_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>

#include "client/identities/id_files.h"
#include "common/base/errmsg.h"
#include "common/creds/certified_key.h"

struct identity {
	char *name;
	struct tls_certified_key own;
};

struct identities {
	struct identity *of; /* a directory's by name, a list's as they stand */
	unsigned count;
	unsigned *by_name;      /* indices, in the order of strcmp(3) */
	struct id_files others; /* those of other parts, by name: not read */
};

/* Those of number part, from 0, of so many parts. At least one, no two of one
 * name, each of which may sign; empty after a
 * failure. Their number and names are checked before any of them is read. */
int identities_load(struct identities *ids, const char *path, unsigned part,
    unsigned parts, struct errmsg *e);

/* Harmless when all zero. */
void identities_free(struct identities *ids);

/* The index of the one that has this name, which need not end with a NUL; -1:
 * none has. */
int identities_find(
    const struct identities *ids, const char *name, size_t size);

/* Whether it is one of another part, or a pattern of glob(7) matches one. */
bool identities_are_elsewhere(
    const struct identities *ids, const char *name_or_pattern);

/* The index of number turn, over and over from the first. */
static inline unsigned
identities_turn(const struct identities *ids, unsigned turn)
{
	return turn % ids->count;
}

#endif
