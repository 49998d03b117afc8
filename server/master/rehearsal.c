/* rehearsal: options of a start that serves nobody; see the header. */
#include "server/master/rehearsal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/shm.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/takeover.h"

/* Listeners and the segment's file go on, as they were made. */
static const char *const kept[] = { "listen", "backlog", "keepalive", "stats",
	"stats-mode", "stats-group" };

static const struct args_option *
find(const char *name)
{
	const struct args_option *o = config_options;

	while (o->name != NULL && strcmp(o->name, name) != 0)
		o++;
	ASSERT(o->name != NULL);
	return o;
}

/* "NAME=VALUE,VALUE" and a line feed. */
static void
print_option(FILE *out, const struct config *config, const char *name)
{
	const struct args_option *o = find(name);
	const struct setting *s = NULL;

	fprintf(out, "%s=", name);
	while ((s = settings_next(&config->settings, o, s)) != NULL)
		fprintf(out, "%s,", s->value);
	fputc('\n', out);
}

/* To be freed; or NULL. */
static char *
print_all(const struct config *config)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		print_option(out, config, kept[i]);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int
rehearsal_ask(const struct config *config, struct errmsg *e)
{
	char *text = print_all(config);

	if (text == NULL || setenv(TAKEOVER_REHEARSAL, text, 1) < 0) {
		free(text);
		return errmsg_set(e, "out of memory");
	}
	free(text);
	return 0;
}

void
rehearsal_ask_no_more(void)
{
	(void)unsetenv(TAKEOVER_REHEARSAL);
}

static const char *
find_line(const char *text, const char *name)
{
	size_t n = strlen(name);

	while (
	    text != NULL && (strncmp(text, name, n) != 0 || text[n] != '=')) {
		text = strchr(text, '\n');
		text = text != NULL ? text + 1 : NULL;
	}
	return text;
}

static bool
lines_agree(const char *a, const char *b)
{
	size_t n = strcspn(a, "\n");

	return n == strcspn(b, "\n") && memcmp(a, b, n) == 0;
}

/* Other releases may keep others: what only one of the two names is passed. */
static int
check_kept(const char *now, const char *next, struct errmsg *e)
{
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const char *a = find_line(now, kept[i]);
		const char *b = find_line(next, kept[i]);

		if (a == NULL || b == NULL || lines_agree(a, b))
			continue;
		return errmsg_set(e,
		    "--%s has changed: an upgrade keeps it, so restart the "
		    "server",
		    kept[i]);
	}
	return 0;
}

bool
rehearsal_is_asked_for(void)
{
	return getenv(TAKEOVER_REHEARSAL) != NULL;
}

static void
set_name(char name[static STATS_SHM_NAME], pid_t pid)
{
	(void)snprintf(name, STATS_SHM_NAME, "upgrade-%d", (int)pid);
}

int
rehearsal_prepare(
    const struct config *config, struct config *copy, struct errmsg *e)
{
	static char name[STATS_SHM_NAME];
	char *own = print_all(config);
	int result = own == NULL
	    ? errmsg_set(e, "out of memory")
	    : check_kept(getenv(TAKEOVER_REHEARSAL), own, e);

	free(own);
	set_name(name, getpid());
	*copy = *config;
	copy->stats_name = name;
	copy->stats_group = (gid_t)-1;
	copy->worker_rows = 0;
	copy->drain_timeout_ns = 0;
	copy->reload_on_change = false;
	copy->log_level_file = NULL;
	log_set_level(LOG_ERROR);
	return result;
}

/* It may have been killed while it drained. */
void
rehearsal_remove(pid_t pid)
{
	char name[STATS_SHM_NAME];

	set_name(name, pid);
	stats_shm_remove_dead(name);
	(void)strcat(name, ".draining");
	stats_shm_remove_dead(name);
}
