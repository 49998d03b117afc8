/* expiry: compares dates with the clock; see the header. */
#include "server/master/expiry.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "common/base/units.h"
#include "common/base/utc.h"
#include "common/creds/token.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"

static const int64_t day_s = 86400;

struct kind {
	int64_t near_s;
	const char *near, *past;
};

static const struct kind certificate = { 30 * 86400, "the certificate expires",
	"the certificate expired" };
static const struct kind crl = { 86400, "the next update is due",
	"the next update was due" };

static enum expiry_stage
stage_of(int64_t date_s, int64_t near_s, int64_t now_s)
{
	if (date_s == 0 || date_s - now_s > near_s)
		return EXPIRY_FAR;
	return date_s > now_s ? EXPIRY_NEAR : EXPIRY_PAST;
}

/* Warns if the date has reached a later stage. */
static void
check(enum expiry_stage *stage, const struct kind *kind, const char *what,
    int64_t date_s, int64_t now_s)
{
	enum expiry_stage before = *stage;
	int64_t days = (date_s - now_s) / day_s + 1;
	char text[UTC_TEXT];

	*stage = stage_of(date_s, kind->near_s, now_s);
	if (*stage <= before)
		return;
	(void)utc_format(date_s, text);
	if (*stage == EXPIRY_PAST)
		log_warn("%s: %s on %s", what, kind->past, text);
	else
		log_warn("%s: %s on %s, in less than %" PRId64 " day%s", what,
		    kind->near, text, days, units_plural((uint64_t)days));
}

static int64_t
earliest(const int64_t dates_s[static TLS_KEY_PAIRS_MAX])
{
	int64_t first_s = 0;

	for (unsigned i = 0; i < TLS_KEY_PAIRS_MAX; i++)
		if (first_s == 0 || (dates_s[i] != 0 && dates_s[i] < first_s))
			first_s = dates_s[i];
	return first_s;
}

void
expiry_set(struct expiry *expiry, const struct credentials *credentials,
    struct stats_shard *shard)
{
	*expiry = (struct expiry){ .dates = credentials->dates };
	stats_set(shard, STATS_CERTIFICATE_NOT_AFTER,
	    (uint64_t)earliest(expiry->dates.not_after_s));
	stats_set(shard, STATS_CRL_THIS_UPDATE,
	    (uint64_t)expiry->dates.crl_this_update_s);
	stats_set(shard, STATS_CRL_NEXT_UPDATE,
	    (uint64_t)expiry->dates.crl_next_update_s);
	stats_set(shard, STATS_CRL_ENTRIES, credentials->crl_entries);
	expiry_check(expiry, (int64_t)time(NULL));
}

void
expiry_check(struct expiry *expiry, int64_t now_s)
{
	const struct credentials_dates *dates = &expiry->dates;
	char what[TLS_CRL_NAME + 32], name[TLS_TOKEN_TEXT];

	for (unsigned i = 0; i < TLS_KEY_PAIRS_MAX; i++)
		check(&expiry->certificates[i], &certificate,
		    tls_token_name(dates->files[i], name),
		    dates->not_after_s[i], now_s);
	(void)snprintf(what, sizeof what, "CRL of %s", dates->crl_next_issuer);
	check(&expiry->crl, &crl, what, dates->crl_next_update_s, now_s);
}

int64_t
expiry_turn(struct expiry *expiry, int64_t now_ns)
{
	if (now_ns >= expiry->check_ns) {
		expiry_check(expiry, (int64_t)time(NULL));
		expiry->check_ns = now_ns + EXPIRY_CHECK_NS;
	}
	return expiry->check_ns - now_ns;
}
