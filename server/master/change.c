/* change: which files, and when; see the header. */
#include "server/master/change.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/creds/token.h"
#include "common/sys/log.h"

static const int64_t quiet_ns = CLOCK_NS_PER_S / 2;
static const int64_t longest_ns = 5 * CLOCK_NS_PER_S;

/* False: there is no memory for it. */
static bool
add(struct change_list *l, const char *const *files, int most)
{
	for (int i = 0; i < most && files[i] != NULL; i++) {
		if (tls_is_token(files[i]))
			continue; /* no file */
		ASSERT(l->count < CHANGE_FILES_MAX);
		l->files[l->count] = strdup(files[i]);
		if (l->files[l->count] == NULL)
			return false;
		l->count++;
	}
	return true;
}

static void
empty(struct change_list *l)
{
	while (l->count > 0)
		free(l->files[--l->count]);
}

/* What a reload reads. */
static int
fill(struct change_list *l, const struct config *config, struct errmsg *e)
{
	const struct tls_files *files = &config->files;
	const char *const *const single[] = { &files->pkcs12,
		&files->password_file, &config->policy.ticket_key_file,
		&config->log_level_file, &config->file };
	bool fits = add(l, files->cert, TLS_KEY_PAIRS_MAX) &&
	    add(l, files->key, TLS_KEY_PAIRS_MAX) &&
	    add(l, files->ca, TLS_CA_FILES_MAX) &&
	    add(l, config->policy.crl, CONFIG_FILES_MAX) &&
	    add(l, config->policy.allow_file, CONFIG_FILES_MAX);

	for (size_t i = 0; i < sizeof single / sizeof *single && fits; i++)
		fits = add(l, single[i], 1);
	return fits ? 0 : errmsg_set(e, "out of memory");
}

static const char *const *
paths_of(const struct change_list *l)
{
	return (const char *const *)l->files;
}

int
change_open(
    struct change *change, const struct config *config, struct errmsg *e)
{
	if (!config->reload_on_change)
		return 0;
	if (fill(&change->list, config, e) < 0 ||
	    file_watch_open(&change->watch, paths_of(&change->list),
		change->list.count, e) < 0)
		return errmsg_prepend(e, "--reload-on-change");
	return 0;
}

static bool
lists_agree(const struct change_list *a, const struct change_list *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (strcmp(a->files[i], b->files[i]) != 0)
			return false;
	return true;
}

/* What changed before the list did, such as --config's file, still counts. */
static int
replace(struct change *change, struct change_list *next, struct errmsg *e)
{
	struct errmsg ignored;
	bool has_changed = file_watch_has_changed(&change->watch, &ignored);
	struct change_list before = change->list;

	change->list = *next;
	if (file_watch_set(&change->watch, paths_of(&change->list),
		change->list.count, e) < 0) {
		change->list = before;
		return -1;
	}
	*next = before;
	if (has_changed) {
		change->watch.state = 0;
		change_note(change, clock_now_ns());
	}
	return 0;
}

void
change_follow(struct change *change, const struct config *config)
{
	struct change_list next = { .count = 0 };
	struct errmsg e;

	if (change->watch.fd < 0)
		return;
	if (fill(&next, config, &e) < 0 ||
	    (!lists_agree(&change->list, &next) &&
		replace(change, &next, &e) < 0))
		log_warn("--reload-on-change: watches the files of before: %s",
		    e.text);
	empty(&next);
}

void
change_close(struct change *change)
{
	file_watch_close(&change->watch);
	empty(&change->list);
}

int
change_fd(const struct change *change)
{
	return change->watch.fd;
}

void
change_note(struct change *change, int64_t now_ns)
{
	file_watch_drain(&change->watch);
	if (change->first_ns == 0)
		change->first_ns = now_ns;
	change->due_ns = now_ns + quiet_ns;
	if (change->due_ns > change->first_ns + longest_ns)
		change->due_ns = change->first_ns + longest_ns;
}

bool
change_is_due(struct change *change, int64_t now_ns)
{
	struct errmsg e;
	bool has_changed;

	if (change->first_ns == 0 || now_ns < change->due_ns)
		return false;
	change->first_ns = 0;
	has_changed = file_watch_has_changed(&change->watch, &e);
	if (e.text[0] != '\0')
		log_warn("--reload-on-change: %s", e.text);
	if (has_changed)
		log_info("files have changed: reloading");
	return has_changed;
}

int64_t
change_wait_ns(const struct change *change, int64_t now_ns)
{
	if (change->first_ns == 0)
		return -1;
	return change->due_ns > now_ns ? change->due_ns - now_ns : 0;
}
