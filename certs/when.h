/*
 * when: instants as people write them, and a certificate's validity.
 *
 * An instant is RFC 3339 in UTC (2026-01-31T12:34:56Z) or a distance from now
 * with a sign (+2d, -90m; base/units.h). It lies between 1970, before which
 * GnuTLS cannot read a certificate's dates, and the end of 9999, the last that
 * X.509 can express (RFC 5280, section 4.1.2.5).
 *
 * Use:
 *	struct when_wish wish = { .days = 30 };
 *	struct when_validity validity;
 *	if (when_validity(&validity, &wish, time(NULL), 0, &e) < 0) ...
 */
#ifndef CERTS_WHEN_H
#define CERTS_WHEN_H

#include <stdbool.h>
#include <time.h>

#include "common/base/errmsg.h"

enum {
	WHEN_DAY_S = 86400,
	/* Certificates begin so long ago, since peers' clocks may be late. */
	WHEN_CLOCK_SKEW_S = 300
};

struct when_wish {
	time_t not_before, not_after;
	int days; /* of life, where not_after is not given */
	bool has_not_before, has_not_after;
};

struct when_validity {
	time_t not_before, not_after;
};

int when_parse(time_t *out, const char *text, time_t now, struct errmsg *e);

/*
 * The validity that the wish means. A life that is given in days ends with its
 * issuer's (issuer_ends; 0 for a root) at the latest; a not_after that is given
 * is kept. Where only a not_after is given and lies in the past, the life
 * begins a day before it.
 */
int when_validity(struct when_validity *out, const struct when_wish *wish,
    time_t now, time_t issuer_ends, struct errmsg *e);

#endif
