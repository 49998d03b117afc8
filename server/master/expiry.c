/* expiry: compares dates with the clock; see the header. */
#include "server/master/expiry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/utc.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"

static const int64_t day_s = 86400;
static const int64_t certificate_near_s = 30 * 86400;
static const int64_t crl_near_s = 86400;

static enum expiry_stage
stage_of(int64_t date_s, int64_t near_s, int64_t now_s)
{
	if (date_s == 0 || date_s - now_s > near_s)
		return EXPIRY_FAR;
	return date_s > now_s ? EXPIRY_NEAR : EXPIRY_PAST;
}

static void
warn(const char *what, const char *verb, int64_t date_s,
    enum expiry_stage stage, int64_t now_s)
{
	int64_t days = (date_s - now_s) / day_s + 1;
	char text[UTC_TEXT];

	(void)utc_format(date_s, text);
	if (stage == EXPIRY_PAST)
		log_warn("%s %s passed on %s", what, verb, text);
	else if (stage == EXPIRY_NEAR)
		log_warn("%s %s is on %s, in less than %" PRId64 " day%s", what,
		    verb, text, days, days == 1 ? "" : "s");
}

void
expiry_set(struct expiry *expiry, const struct credentials *credentials,
    struct stats_shard *shard)
{
	memset(expiry, 0, sizeof *expiry);
	for (unsigned i = 0; i < TLS_IDENTITIES_MAX; i++) {
		int64_t date_s = credentials->not_after_s[i];

		expiry->certificates_s[i] = date_s;
		stats_set(shard,
		    (enum stats_counter)(STATS_CERTIFICATE_1_NOT_AFTER + i),
		    (uint64_t)date_s);
	}
	expiry->crl_s = credentials->crl_next_update_s;
	memcpy(expiry->crl_issuer, credentials->crl_next_issuer,
	    sizeof expiry->crl_issuer);
	stats_set(shard, STATS_CRL_NEXT_UPDATE, (uint64_t)expiry->crl_s);
	stats_set(shard, STATS_CRL_ENTRIES, credentials->crl_entries);
	expiry_check(expiry, (int64_t)time(NULL));
}

void
expiry_check(struct expiry *expiry, int64_t now_s)
{
	enum expiry_stage stage;
	char what[TLS_CRL_NAME + 32];

	for (unsigned i = 0; i < TLS_IDENTITIES_MAX; i++) {
		stage = stage_of(
		    expiry->certificates_s[i], certificate_near_s, now_s);
		(void)snprintf(what, sizeof what, "certificate %u:", i + 1);
		if (stage > expiry->certificate_stages[i])
			warn(what, "its end", expiry->certificates_s[i], stage,
			    now_s);
		expiry->certificate_stages[i] = stage;
	}
	stage = stage_of(expiry->crl_s, crl_near_s, now_s);
	(void)snprintf(what, sizeof what, "CRL of %s:", expiry->crl_issuer);
	if (stage > expiry->crl_stage)
		warn(what, "its next update", expiry->crl_s, stage, now_s);
	expiry->crl_stage = stage;
}
