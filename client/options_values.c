/* options_values: what the values of options mean; see the header. */
#include "client/options_values.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/options.h"
#include "common/base/assertion.h"
#include "common/base/units.h"
#include "common/creds/creds.h"
#include "common/sys/fd.h"
#include "common/x509/san.h"

int
options_set_size(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	char min_text[UNITS_TEXT];
	const char *dash = strchr(value, '-');
	size_t min_len = dash != NULL ? (size_t)(dash - value) : strlen(value);
	uint64_t min;
	uint64_t max;

	if (dash != NULL && (min_len == 0 || dash[1] == '\0'))
		return errmsg_set(e,
		    "'%s' lacks a number: use MIN-MAX, such as 1-100", value);
	if (min_len >= sizeof min_text)
		return errmsg_set(e, "'%s' is too large", value);
	memcpy(min_text, value, min_len);
	min_text[min_len] = '\0';
	if (units_parse_size(min_text, &min, e) < 0 ||
	    units_parse_size(dash != NULL ? dash + 1 : min_text, &max, e) < 0)
		return -1;
	if (min < 1 || max > OPTIONS_SIZE_MAX)
		return errmsg_set(e, "'%s' is not between 1 and %dM", value,
		    OPTIONS_SIZE_MAX >> 20);
	if (min > max)
		return errmsg_set(
		    e, "'%s': the larger number comes last", value);
	o->size_min = (size_t)min;
	o->size_max = (size_t)max;
	return 0;
}

int
options_set_rate(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	uint64_t rate;
	unsigned decimals;

	if (units_parse_decimal(value, &rate, &decimals, e) < 0)
		return -1;
	if (rate == 0 || decimals > OPTIONS_RATE_DECIMALS ||
	    rate / units_power_of_10(decimals) > OPTIONS_RATE_MAX)
		return errmsg_set(e,
		    "'%s' is not between 0.001 and %dM, with at most %d "
		    "decimals",
		    value, OPTIONS_RATE_MAX / 1000000, OPTIONS_RATE_DECIMALS);
	if (decimals > 0 &&
	    rate / units_power_of_10(decimals) >= OPTIONS_RATE_DECIMALS_MAX)
		return errmsg_set(e,
		    "'%s': from %d on it must be a whole number", value,
		    OPTIONS_RATE_DECIMALS_MAX);
	o->rate = rate;
	o->rate_decimals = decimals;
	return 0;
}

bool
options_is_share(const char *word)
{
	return word[0] >= '0' && word[0] <= '9' && strchr(word, ':') == NULL;
}

/* "50%"; NULL: of all. */
int
options_set_resume(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	unsigned long percent = 100;
	char *end = NULL;

	if (value != NULL) {
		percent = strtoul(value, &end, 10);
		if (strcmp(end, "%") != 0 || percent < 1 || percent > 100)
			return errmsg_set(e,
			    "'%s' is no share of connections: use 1%% to 100%%",
			    value);
	}
	o->resume_percent = percent;
	return 0;
}

int
options_set_threshold(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	char digits[32];
	size_t n = strlen(value);
	uint64_t number;
	unsigned decimals;

	n -= n > 1 && value[n - 1] == '%';
	(void)snprintf(digits, sizeof digits, "%.*s", (int)n, value);
	if (n >= sizeof digits)
		return errmsg_set(e, "'%s' is too long", value);
	if (units_parse_decimal(digits, &number, &decimals, e) < 0)
		return -1;
	o->threshold_percent =
	    (double)number / (double)units_power_of_10(decimals);
	if (o->threshold_percent > OPTIONS_THRESHOLD_MAX)
		return errmsg_set(e, "'%s' is not between 0 and %d percent",
		    value, OPTIONS_THRESHOLD_MAX);
	return 0;
}

int
options_set_bind(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return sources_parse(&o->sources, value, e);
}

int
options_set_keepalive(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return keepalive_parse(&o->keepalive, value, e);
}

int
options_set_priority(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	o->priority = value;
	return tls_priority_check(value, e);
}

int
options_set_alpn(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return tls_alpn_add(o->alpn, o->alpn_text, value, e);
}

/*
 * A name may end with the root's dot (RFC 1034, 3.1), which certificates and
 * SNI do not have (RFC 6066, 3); a link-local address may have a scope.
 */
void
options_set_peer_name(struct options *o, const char *name)
{
	bool is_ip6 = strchr(name, ':') != NULL;
	size_t len = is_ip6 ? strcspn(name, "%") : strlen(name);

	if (len > 1 && name[len - 1] == '.')
		len--;
	ASSERT(len < sizeof o->peer_name);
	memcpy(o->peer_name, name, len);
	o->peer_name[len] = '\0';
}

/* No certificate that a client may take bears anything else. */
int
options_set_server_name(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	struct tls_san san;

	if (strlen(value) >= sizeof o->peer_name)
		return errmsg_set(e, "too long");
	options_set_peer_name(o, value);
	if (tls_san_parse(&san, o->peer_name, strlen(o->peer_name), e) < 0)
		return errmsg_prepend(e, "'%s'", value);
	if (san.kind == TLS_SAN_ADDRESS ||
	    (san.kind == TLS_SAN_DNS_NAME && value[0] != '*'))
		return 0;
	return errmsg_set(e,
	    "'%s' is neither an address nor a DNS name, such as "
	    "echo.example.org",
	    value);
}

int
options_add_goal(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return goals_add(&o->goals, value, e);
}

/* Steps are written to it and answers read from it, with epoll(7). */
int
options_set_steps_fd(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	struct stat status;
	int fd;

	if (fd_parse(value, &fd, e) < 0)
		return -1;
	if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
		return errmsg_set(
		    e, "%s is not open for reading and writing", value);
	if ((fstat(fd, &status) < 0 || !S_ISSOCK(status.st_mode)) &&
	    isatty(fd) != 1)
		return errmsg_set(
		    e, "%s is neither a socket nor a terminal", value);
	o->steps = STEPS_FD;
	o->steps_fd = fd;
	return 0;
}

int
options_set_steps(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	if (strcmp(value, "stdio") == 0)
		o->steps = STEPS_STDIO;
	else if (strcmp(value, "signal") == 0)
		o->steps = STEPS_SIGNAL;
	else
		return errmsg_set(e, "'%s' is neither stdio nor signal", value);
	return 0;
}

/* "I/N" */
int
options_set_part(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	const char *slash = strchr(value, '/');
	size_t size = slash != NULL ? (size_t)(slash - value) : 0;
	char number[UNITS_TEXT];
	uint64_t part;
	uint64_t parts;

	if (size == 0 || size >= sizeof number || slash[1] == '\0')
		return errmsg_set(e,
		    "'%s' is not I/N, such as 1/4 for the first of four",
		    value);
	memcpy(number, value, size);
	number[size] = '\0';
	if (units_parse_count(number, &part, e) < 0 ||
	    units_parse_count(slash + 1, &parts, e) < 0)
		return -1;
	if (part < 1 || part > parts || parts > OPTIONS_PARTS_MAX)
		return errmsg_set(e, "'%s': I is from 1 to N, and N at most %d",
		    value, OPTIONS_PARTS_MAX);
	o->part.index = (unsigned)part - 1;
	o->part.count = (unsigned)parts;
	return 0;
}
