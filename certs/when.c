/* when: instants, and the validity of certificates; see the header. */
#include "certs/when.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/base/utc.h"

static const time_t earliest = 0;          /* 1970-01-01T00:00:00Z */
static const time_t latest = 253402300799; /* 9999-12-31T23:59:59Z */

static int
parse_distance(time_t *out, const char *text, time_t now, struct errmsg *e)
{
	int64_t ns;

	if (units_parse_duration(text + 1, &ns, e) < 0)
		return -1;
	*out = text[0] == '-' ? now - ns / CLOCK_NS_PER_S
			      : now + ns / CLOCK_NS_PER_S;
	return 0;
}

/* strptime(3) is lenient: what does not come back the same was not a date. */
static int
parse_rfc3339(time_t *out, const char *text, struct errmsg *e)
{
	char again[UTC_TEXT];
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

	if (end != NULL && *end == '\0') {
		*out = timegm(&tm);
		if (strcmp(utc_format(*out, again), text) == 0)
			return 0;
	}
	return errmsg_set(e,
	    "'%s' is not a time: use 2026-01-31T12:34:56Z, or +2d or -2d for "
	    "a distance from now",
	    text);
}

int
when_parse(time_t *out, const char *text, time_t now, struct errmsg *e)
{
	int result = text[0] == '+' || text[0] == '-'
	    ? parse_distance(out, text, now, e)
	    : parse_rfc3339(out, text, e);

	if (result < 0)
		return -1;
	if (*out < earliest || *out > latest)
		return errmsg_set(e, "'%s' is not between 1970 and 9999", text);
	return 0;
}

static int
reject_empty(
    const struct when_validity *v, bool ends_with_issuer, struct errmsg *e)
{
	char begins[UTC_TEXT];
	char ends[UTC_TEXT];

	(void)utc_format(v->not_before, begins);
	(void)utc_format(v->not_after, ends);
	if (ends_with_issuer)
		return errmsg_set(e,
		    "the authority ends at %s, before the certificate would "
		    "begin: renew it, or give --not-after",
		    ends);
	return errmsg_set(e,
	    "the certificate would end at %s and begin at %s: give a later "
	    "--not-after or an earlier --not-before",
	    ends, begins);
}

int
when_validity(struct when_validity *out, const struct when_wish *wish,
    time_t now, time_t issuer_ends, struct errmsg *e)
{
	time_t from = wish->has_not_before ? wish->not_before : now;
	bool is_cut = false;

	ASSERT(wish->days > 0 || wish->has_not_after);
	out->not_before = wish->has_not_before ? from : now - WHEN_CLOCK_SKEW_S;
	out->not_after = from + (time_t)wish->days * WHEN_DAY_S;
	if (wish->has_not_after)
		out->not_after = wish->not_after;
	else if (issuer_ends != 0 && out->not_after > issuer_ends)
		is_cut = true;
	if (is_cut)
		out->not_after = issuer_ends;
	if (wish->has_not_after && !wish->has_not_before &&
	    out->not_after <= out->not_before)
		out->not_before = out->not_after - WHEN_DAY_S;
	if (out->not_after <= out->not_before)
		return reject_empty(out, is_cut, e);
	if (out->not_before < earliest || out->not_after > latest)
		return errmsg_set(
		    e, "the certificate's life leaves the years 1970 to 9999");
	return 0;
}
