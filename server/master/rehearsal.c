/* rehearsal: options of a start that serves nobody; see the header. */
#include "server/master/rehearsal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/stats/shm.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/master/segment.h"
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

/* Numbers that a program of before does not know are passed over by it. */
static void
print_numbers(FILE *out, const struct rehearsal *asked)
{
	fprintf(out,
	    "=slots=%u\n=descriptors=%u\n=credentials=%d\n=segment=%d\n",
	    asked->slots, asked->descriptors, asked->credentials_fd,
	    asked->segment_fd);
}

/* To be freed; or NULL. */
static char *
print_all(const struct rehearsal *asked)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		print_option(out, asked->config, kept[i]);
	print_numbers(out, asked);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int
rehearsal_ask(const struct rehearsal *asked)
{
	char *text = print_all(asked);
	int result = text != NULL ? setenv(TAKEOVER_REHEARSAL, text, 1) : -1;

	free(text);
	return result;
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

static long
read_number(const char *text, const char *name, long missing)
{
	const char *line = find_line(text, name);

	return line != NULL ? strtol(line + strlen(name) + 1, NULL, 10)
			    : missing;
}

static int
read_fd(const char *text, const char *name)
{
	int fd = (int)read_number(text, name, -1);

	return fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? fd : -1;
}

/* What its master has open, for as long as this process lives. */
static int
fill_descriptors(unsigned count, struct errmsg *e)
{
	for (unsigned i = 0; i < count; i++)
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
			return errmsg_set_errno(e, errno,
			    "descriptors of the server and of a new one beside "
			    "it, see ulimit -n");
	return 0;
}

/* A program of before says none of it. */
static int
take_numbers(struct rehearsal *asked, struct config *copy, const char *text,
    struct errmsg *e)
{
	long slots = read_number(text, "=slots", 0);
	long descriptors = read_number(text, "=descriptors", 0);

	asked->credentials_fd = read_fd(text, "=credentials");
	asked->segment_fd = read_fd(text, "=segment");
	if (slots > copy->slots && slots <= CONFIG_SLOTS_MAX)
		copy->slots = (unsigned)slots;
	if (asked->segment_fd >= 0 &&
	    segment_check(copy, asked->segment_fd, e) < 0)
		return -1;
	return fill_descriptors(descriptors > 0 ? (unsigned)descriptors : 0, e);
}

static void
make_harmless(struct config *copy)
{
	static char name[STATS_SHM_NAME];

	set_name(name, getpid());
	copy->stats_name = name;
	copy->stats_group = (gid_t)-1;
	copy->worker_rows = 0;
	copy->drain_timeout_ns = 0;
	copy->log_level_file = NULL;
}

int
rehearsal_prepare(struct rehearsal *asked, const struct config *config,
    struct config *copy, struct errmsg *e)
{
	const struct rehearsal own = { .config = config };
	const char *text = getenv(TAKEOVER_REHEARSAL);
	char *own_text = print_all(&own);
	int result = own_text == NULL ? errmsg_set(e, "out of memory")
				      : check_kept(text, own_text, e);

	free(own_text);
	log_set_level(LOG_ERROR);
	log_set_format(LOG_TEXT);
	*copy = *config;
	if (result == 0)
		result = take_numbers(asked, copy, text, e);
	make_harmless(copy);
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
