/* keepalive: its options of a socket; see the header. */
#include "common/sys/keepalive.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/base/units.h"

/* As Linux has them: MAX_TCP_KEEPIDLE, _KEEPINTVL and _KEEPCNT. */
enum {
	SECONDS_MAX = 32767,
	COUNT_MAX = 127
};

static int
parse_seconds(const char *text, int *seconds, struct errmsg *e)
{
	int64_t ns;

	if (units_parse_duration(text, &ns, e) < 0)
		return -1;
	if (ns < CLOCK_NS_PER_S || ns > SECONDS_MAX * CLOCK_NS_PER_S ||
	    ns % CLOCK_NS_PER_S != 0)
		return errmsg_set(e,
		    "'%s' is not a time of whole seconds, 1 to %d", text,
		    SECONDS_MAX);
	*seconds = (int)(ns / CLOCK_NS_PER_S);
	return 0;
}

static int
parse_count(const char *text, int *count, struct errmsg *e)
{
	uint64_t number;

	if (units_parse_count(text, &number, e) < 0)
		return -1;
	if (number < 1 || number > COUNT_MAX)
		return errmsg_set(e, "'%s' is not a number of probes, 1 to %d",
		    text, COUNT_MAX);
	*count = (int)number;
	return 0;
}

static int
parse_times(struct keepalive *k, char *text, struct errmsg *e)
{
	char *idle = strsep(&text, ":");
	char *interval = strsep(&text, ":");

	if (parse_seconds(idle, &k->idle_s, e) < 0)
		return -1;
	if (interval == NULL)
		return 0;
	if (parse_seconds(interval, &k->interval_s, e) < 0)
		return -1;
	return text != NULL ? parse_count(text, &k->count, e) : 0;
}

int
keepalive_parse(struct keepalive *k, const char *text, struct errmsg *e)
{
	char copy[64];

	*k = (struct keepalive){ .on = strcmp(text, "off") != 0 };
	if (!k->on || strcmp(text, "on") == 0)
		return 0;
	if (strlen(text) >= sizeof copy)
		return errmsg_set(
		    e, "'%s' is not off, on or IDLE[:INTERVAL[:COUNT]]", text);
	(void)strcpy(copy, text);
	return parse_times(k, copy, e);
}

/* 0: the system's own. */
static void
set(int fd, int level, int name, int value)
{
	if (value != 0)
		(void)setsockopt(fd, level, name, &value, sizeof value);
}

void
keepalive_apply(const struct keepalive *k, int fd)
{
	if (!k->on)
		return;
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, k->idle_s);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, k->interval_s);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, k->count);
}
