/*
 * expect: which outcome each identity is to have, from a file.
 *
 * A line is "IDENTITY accepted" or "IDENTITY refused [ALERT]", where IDENTITY
 * is a name, or a pattern of glob(7), and ALERT a name of RFC 8446, 6, or a
 * number. The first line that matches an identity counts for it; "*" in the
 * last one is for all others.
 *
 * Owns:	nothing.
 * Errors:	-1 and a line with the file's name, and its line's number.
 * Use:
 *	expected = outcomes_expect(outcomes);
 *	if (expect_load(expected, &identities, "policy.txt", &e) < 0) ...
 */
#ifndef CLIENT_IDENTITIES_EXPECT_H
#define CLIENT_IDENTITIES_EXPECT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct identities;

/*
 * Sets the outcome (identities/outcome.h) of each identity. A name that no
 * identity has, and an identity that no line matches, are errors.
 */
int expect_load(uint16_t *expected, const struct identities *ids,
    const char *path, struct errmsg *e);

/* The same of a text; errors begin with its line, or with the identity. */
int expect_parse(uint16_t *expected, const struct identities *ids,
    const char *text, size_t size, struct errmsg *e);

#endif
