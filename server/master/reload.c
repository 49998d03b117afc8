/* reload: reads, then puts to use; see the header. */
#include "server/master/reload.h"

#include <stdio.h>
#include <string.h>

#include "common/stats/answer.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/config_file.h"
#include "server/master/change.h"
#include "server/master/credentials.h"
#include "server/master/expiry.h"
#include "server/master/reloadable.h"
#include "server/master/workers.h"

/* The names of what has changed and cannot be taken, or "". */
struct left {
	char text[300];
	size_t used;
};

static void
find_left(
    struct left *left, const struct config *now, const struct config *next)
{
	const struct args_option *o = config_options;

	*left = (struct left){ .used = 0 };
	for (; o->name != NULL; o++)
		if (config_file_has(o) && !reloadable_has(o) &&
		    !settings_agree(&now->settings, &next->settings, o) &&
		    left->used < sizeof left->text)
			left->used += (size_t)snprintf(left->text + left->used,
			    sizeof left->text - left->used, "%s%s",
			    left->used > 0 ? ", " : "", o->name);
}

/* As it would be after the reload. Borrows from both. */
static struct config
merge(const struct config *now, const struct config *next)
{
	struct config merged = *now;

	reloadable_copy(&merged, next);
	return merged;
}

/* The new settings have to fit to the old ones that stay, too. */
static int
check_merged(const struct config *merged, const struct config *now,
    const struct config *next, struct errmsg *e)
{
	struct left left;

	if (config_check(merged, e) == 0)
		return 0;
	find_left(&left, now, next);
	return errmsg_prepend(
	    e, "without what needs a restart (%s)", left.text);
}

/* Strings of the reload before are not used any more. */
static void
take_config(struct config *now, struct config *next)
{
	struct config merged = merge(now, next);

	file_bytes_free(&now->policy.rules);
	settings_free(&now->reloaded);
	*now = merged;
	now->reloaded = next->settings;
	*next = (struct config){ .file = NULL };
}

static void
refuse(const struct reload *r, const struct errmsg *e)
{
	stats_add(r->shard, STATS_RELOADS_REFUSED, 1);
	log_error("reload refused, nothing changed: %s", e->text);
	stats_answer_give(r->stats, STATS_ANSWER_REFUSED, e->text);
}

static void
tell_taken(const struct reload *r, const struct left *left)
{
	char text[sizeof left->text + 64] = "the files have been read again";

	stats_add(r->shard, STATS_RELOADS, 1);
	log_info("reload: %s", text);
	if (left->used > 0) {
		(void)snprintf(text, sizeof text,
		    "taken, but for what needs a restart: %s", left->text);
		log_warn("reload: %s", text);
	}
	stats_answer_give(r->stats, STATS_ANSWER_TAKEN, text);
}

static void
take(const struct reload *r, struct config *next,
    const struct credentials *credentials)
{
	struct left left;

	find_left(&left, r->config, next);
	log_set_level(next->log_level);
	expiry_set(r->expiry, credentials, r->shard);
	workers_reload(r->workers, credentials, next->log_level);
	take_config(r->config, next);
	tell_taken(r, &left);
}

static void
read_again(const struct reload *r)
{
	struct config next, merged;
	struct credentials credentials;
	struct errmsg e;
	int result = config_parse_again(&next, r->config, &e);

	merged = merge(r->config, &next);
	if (result == 0)
		result = check_merged(&merged, r->config, &next, &e);
	if (result == 0) {
		change_follow(r->change, &merged);
		result = credentials_load(
		    &credentials, &merged, workers_credentials(r->workers), &e);
	}
	if (result == 0)
		take(r, &next, &credentials);
	else
		refuse(r, &e);
	config_free(&next);
}

void
reload_run(const struct reload *r)
{
	stats_answer_begin(r->stats);
	if (!workers_are_draining(r->workers)) {
		read_again(r);
		return;
	}
	log_info("reload: draining, so nothing is read again");
	stats_answer_give(r->stats, STATS_ANSWER_DRAINING,
	    "draining, so nothing is read again");
}
