/* config_limits: networks and rates; see the header. */
#include "server/config_limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "server/config.h"

enum {
	CONNECTIONS_MAX = 10000000,
	RATE_MAX = 1000000,
	V4_BITS = 32,
	V6_BITS = 128,
	WORD_MAX = 32,
	TX_BUFFER_MIN = 4 << 10,
	TX_BUFFER_MAX = 1 << 30,
	MEMORY_MIN = 1 << 20
};

/* Up to one of the delimiters, or the end; what follows it. NULL: too long. */
static const char *
split(const char *text, const char *delimiters, char word[static WORD_MAX])
{
	size_t n = strcspn(text, delimiters);

	if (n >= WORD_MAX)
		return NULL;
	memcpy(word, text, n);
	word[n] = '\0';
	return text + n;
}

static int
parse_between(const char *text, uint64_t most, uint64_t *number)
{
	struct errmsg ignored;

	if (units_parse_count(text, number, &ignored) < 0 || *number < 1 ||
	    *number > most)
		return -1;
	return 0;
}

/* "/24" at *rest, if there is anything; *rest is behind it then. */
static int
parse_prefix(const char **rest, uint64_t most, uint8_t *bits)
{
	char word[WORD_MAX];
	uint64_t number;

	if (**rest == '\0')
		return 0;
	*rest = split(*rest + 1, "/", word);
	if (*rest == NULL || parse_between(word, most, &number) < 0)
		return -1;
	*bits = (uint8_t)number;
	return 0;
}

int
config_set_network_limit(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	struct config_network n = { .v4 = 24, .v6 = 64 };
	char word[WORD_MAX];
	const char *rest = split(value, "/", word);

	if (strcmp(value, "0") == 0) {
		c->network = n;
		return 0;
	}
	if (rest == NULL || parse_between(word, CONNECTIONS_MAX, &n.max) < 0 ||
	    parse_prefix(&rest, V4_BITS, &n.v4) < 0 ||
	    parse_prefix(&rest, V6_BITS, &n.v6) < 0 || *rest != '\0')
		return errmsg_set(e,
		    "'%s' is not 0 or N[/V4[/V6]], such as 500/24/64: at most "
		    "%d connections, prefixes of at most %d and %d bits",
		    value, CONNECTIONS_MAX, V4_BITS, V6_BITS);
	c->network = n;
	return 0;
}

/* "/m" at *rest, if anything but a burst is there. */
static int
parse_unit(const char **rest, int64_t *unit_ns)
{
	*unit_ns = CLOCK_NS_PER_S;
	if (**rest != '/')
		return 0;
	switch ((*rest)[1]) {
	case 's':
		break;
	case 'm':
		*unit_ns *= 60;
		break;
	case 'h':
		*unit_ns *= 3600;
		break;
	default:
		return -1;
	}
	*rest += 2;
	return 0;
}

static int
parse_rate(struct config_rate *rate, const char *value)
{
	char word[WORD_MAX];
	const char *rest = split(value, "/:", word);
	int64_t unit_ns;
	uint64_t count;

	if (rest == NULL || parse_between(word, RATE_MAX, &count) < 0 ||
	    parse_unit(&rest, &unit_ns) < 0)
		return -1;
	rate->interval_ns = unit_ns / (int64_t)count;
	rate->burst = count;
	if (*rest == ':')
		return parse_between(rest + 1, RATE_MAX, &rate->burst);
	return *rest == '\0' ? 0 : -1;
}

static int
set_rate(struct config_rate *rate, const char *value, struct errmsg *e)
{
	*rate = (struct config_rate){ 0 };
	if (strcmp(value, "0") == 0)
		return 0;
	if (parse_rate(rate, value) < 0)
		return errmsg_set(e,
		    "'%s' is not 0 or N[/s|/m|/h][:BURST], such as 100 or "
		    "30/m:10, of numbers from 1 to %d",
		    value, RATE_MAX);
	return 0;
}

int
config_set_handshake_rate(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return set_rate(&c->handshake_rate, value, e);
}

int
config_set_address_rate(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return set_rate(&c->address_rate, value, e);
}

int
config_set_max_tx_buffer(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (units_parse_size(value, &c->max_tx_buffer, e) < 0)
		return -1;
	if (c->max_tx_buffer < TX_BUFFER_MIN ||
	    c->max_tx_buffer > TX_BUFFER_MAX)
		return errmsg_set(e, "'%s' is not between 4k and 1G", value);
	return 0;
}

int
config_set_max_memory(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (units_parse_size(value, &c->max_memory, e) < 0)
		return -1;
	if (c->max_memory > 0 && c->max_memory < MEMORY_MIN)
		return errmsg_set(
		    e, "'%s' is neither 0 nor at least 1M", value);
	return 0;
}

const char *
config_format_rate(
    const struct config_rate *rate, char text[static CONFIG_RATE_TEXT])
{
	char interval[UNITS_TEXT];

	(void)snprintf(text, CONFIG_RATE_TEXT, "one in %s, %" PRIu64 " at once",
	    units_format_duration(rate->interval_ns, interval), rate->burst);
	return text;
}
