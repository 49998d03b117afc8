/* conns: finds, compares and names; see the header. */
#include "tools/sample/conns.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"

static const char *const key_words[CONNS_KEYS] = {
	[CONNS_BY_RATE] = "rate",
	[CONNS_BY_BYTES] = "bytes",
	[CONNS_BY_READS] = "read_operations",
	[CONNS_BY_AGE] = "age",
	[CONNS_BY_IDLE] = "idle",
	[CONNS_BY_PEER] = "peer",
	[CONNS_BY_NAME] = "name",
	[CONNS_BY_WORKER] = "worker",
	[CONNS_BY_STATE] = "state",
};

const char *
conns_key_word(enum conns_key key)
{
	ASSERT(key < CONNS_KEYS);
	return key_words[key];
}

bool
conns_parse_key(const char *word, enum conns_key *key)
{
	for (enum conns_key i = 0; i < CONNS_KEYS; i++) {
		if (strcmp(word, key_words[i]) == 0) {
			*key = i;
			return true;
		}
	}
	return false;
}

struct word {
	uint16_t number;
	const char *text;
};

static const struct word versions[] = {
	{ 0x0301, "TLS1.0" },
	{ 0x0302, "TLS1.1" },
	{ 0x0303, "TLS1.2" },
	{ 0x0304, "TLS1.3" },
};

static const struct word suites[] = {
	{ 0x1301, "TLS_AES_128_GCM_SHA256" },
	{ 0x1302, "TLS_AES_256_GCM_SHA384" },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
	{ 0x1304, "TLS_AES_128_CCM_SHA256" },
	{ 0x1305, "TLS_AES_128_CCM_8_SHA256" },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
};

static const struct word groups[] = {
	{ 0x0017, "secp256r1" },
	{ 0x0018, "secp384r1" },
	{ 0x0019, "secp521r1" },
	{ 0x001d, "x25519" },
	{ 0x001e, "x448" },
	{ 0x0100, "ffdhe2048" },
	{ 0x0101, "ffdhe3072" },
	{ 0x0102, "ffdhe4096" },
	{ 0x11eb, "SecP256r1MLKEM768" },
	{ 0x11ec, "X25519MLKEM768" },
	{ 0x11ed, "SecP384r1MLKEM1024" },
};

static const char *
word_of(const struct word *words, size_t count, uint16_t number,
    char text[static CONNS_TEXT])
{
	if (number == 0)
		return "-";
	for (size_t i = 0; i < count; i++)
		if (words[i].number == number)
			return words[i].text;
	(void)snprintf(text, CONNS_TEXT, "0x%04x", number);
	return text;
}

#define WORD_OF(words, number, text) \
	word_of(words, sizeof(words) / sizeof *(words), number, text)

const char *
conns_version(uint16_t version, char text[static CONNS_TEXT])
{
	return WORD_OF(versions, version, text);
}

const char *
conns_suite(uint16_t suite, char text[static CONNS_TEXT])
{
	return WORD_OF(suites, suite, text);
}

const char *
conns_group(uint16_t group, char text[static CONNS_TEXT])
{
	return WORD_OF(groups, group, text);
}

const char *
conns_state(const struct stats_row *row)
{
	static const char *const names[] = {
		[STATS_ROW_FREE] = "free",
		[STATS_ROW_HANDSHAKE] = "handshake",
		[STATS_ROW_OPEN] = "open",
		[STATS_ROW_CLOSING] = "closing",
		[STATS_ROW_TORN] = "torn",
	};

	return row->state <= STATS_ROW_TORN ? names[row->state] : "free";
}

const char *
conns_peer(const uint8_t address[static STATS_ROW_ADDRESS], uint16_t port,
    char text[static CONNS_TEXT])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char host[INET6_ADDRSTRLEN] = "?";

	if (memcmp(address, mapped, sizeof mapped) == 0) {
		(void)inet_ntop(
		    AF_INET, address + sizeof mapped, host, sizeof host);
		(void)snprintf(text, CONNS_TEXT, "%s:%u", host, port);
	} else {
		(void)inet_ntop(AF_INET6, address, host, sizeof host);
		(void)snprintf(text, CONNS_TEXT, "[%s]:%u", host, port);
	}
	return text;
}

static int64_t
since(const struct sample *s, int64_t then_ns)
{
	int64_t now_ns = sample_time_ns(s);

	return then_ns > 0 && then_ns < now_ns ? now_ns - then_ns : 0;
}

int64_t
conns_age_ns(const struct sample *s, const struct stats_row *row)
{
	return since(s, row->opened_ns);
}

int64_t
conns_idle_ns(const struct sample *s, const struct stats_row *row)
{
	return since(s, row->active_ns > 0 ? row->active_ns : row->opened_ns);
}

static bool
holds(const char *text, const char *filter)
{
	return strcasestr(text, filter) != NULL;
}

static bool
matches(const struct sample_conn *conn, const char *filter)
{
	const struct stats_row *row = &conn->row;
	char text[CONNS_TEXT];
	char worker[CONNS_TEXT];

	if (filter == NULL || filter[0] == '\0')
		return true;
	(void)snprintf(worker, sizeof worker, "worker %u", conn->slot - 1);
	return holds(row->name, filter) || holds(conns_state(row), filter) ||
	    holds(conns_peer(row->address, row->port, text), filter) ||
	    holds(conns_version(row->version, text), filter) ||
	    holds(conns_suite(row->suite, text), filter) ||
	    holds(conns_group(row->group, text), filter) ||
	    ((row->flags & STATS_ROW_RESUMED) && holds("resumed", filter)) ||
	    holds(worker, filter);
}

/* Connections are found again by worker and number. */
static int
compare_identity(const void *a, const void *b)
{
	const struct sample_conn *x = *(const struct sample_conn *const *)a;
	const struct sample_conn *y = *(const struct sample_conn *const *)b;

	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return (x->row.id > y->row.id) - (x->row.id < y->row.id);
}

struct earlier {
	const struct sample_conn *
	    *conns; /* by identity; NULL: none to compare */
	size_t count;
	double seconds;
};

static int
earlier_init(
    struct earlier *e, const struct sample *now, const struct sample *before)
{
	const struct sample_conn *conns;

	*e = (struct earlier){ .conns = NULL };
	if (before == NULL || !sample_same_server(now, before) ||
	    sample_time_ns(now) <= sample_time_ns(before))
		return 0;
	conns = sample_conns(before, &e->count);
	e->conns = calloc(e->count + 1, sizeof(const struct sample_conn *));
	if (e->conns == NULL)
		return -1;
	for (size_t i = 0; i < e->count; i++)
		e->conns[i] = &conns[i];
	qsort(e->conns, e->count, sizeof *e->conns, compare_identity);
	e->seconds = (double)(sample_time_ns(now) - sample_time_ns(before)) /
	    (double)CLOCK_NS_PER_S;
	return 0;
}

static double
per_second(uint64_t now, uint64_t before, double seconds)
{
	return now > before ? (double)(now - before) / seconds : 0;
}

static struct conns_item
make_item(const struct sample_conn *conn, const struct earlier *e)
{
	struct conns_item item = { .conn = conn };
	const struct sample_conn **found;

	if (e->conns == NULL)
		return item;
	found = bsearch(
	    &conn, e->conns, e->count, sizeof *e->conns, compare_identity);
	if (found == NULL)
		return item;
	item.bytes_per_second = per_second(
	    conn->row.bytes_received, (*found)->row.bytes_received, e->seconds);
	item.read_operations_per_second = per_second(conn->row.read_operations,
	    (*found)->row.read_operations, e->seconds);
	return item;
}

/* What items are sorted by: larger first, or words from A. */
struct order {
	enum conns_key key;
	int sign;
};

static int
compare_numbers(double a, double b)
{
	return (a < b) - (a > b);
}

static int
compare_peers(const struct stats_row *a, const struct stats_row *b)
{
	int order = memcmp(a->address, b->address, sizeof a->address);

	return order != 0 ? order : (a->port > b->port) - (a->port < b->port);
}

/* Times of start: the oldest is the smallest, and has the largest age. */
static int
compare_times(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int64_t
active_ns(const struct stats_row *row)
{
	return row->active_ns > 0 ? row->active_ns : row->opened_ns;
}

static int
compare_by(
    enum conns_key key, const struct conns_item *a, const struct conns_item *b)
{
	const struct stats_row *x = &a->conn->row;
	const struct stats_row *y = &b->conn->row;

	switch (key) {
	case CONNS_BY_BYTES:
		return compare_numbers(
		    (double)x->bytes_received, (double)y->bytes_received);
	case CONNS_BY_READS:
		return compare_numbers(
		    (double)x->read_operations, (double)y->read_operations);
	case CONNS_BY_AGE:
		return compare_times(x->opened_ns, y->opened_ns);
	case CONNS_BY_IDLE:
		return compare_times(active_ns(x), active_ns(y));
	case CONNS_BY_PEER:
		return compare_peers(x, y);
	case CONNS_BY_NAME:
		return strcmp(x->name, y->name);
	case CONNS_BY_WORKER:
		return (a->conn->slot > b->conn->slot) -
		    (a->conn->slot < b->conn->slot);
	case CONNS_BY_STATE:
		return x->state - y->state;
	case CONNS_BY_RATE:
	case CONNS_KEYS:
		break;
	}
	return compare_numbers(a->bytes_per_second, b->bytes_per_second);
}

/* Equals stay in the order of worker and number, so that no row jumps. */
static int
compare_items(const void *a, const void *b, void *arg)
{
	const struct conns_item *x = a;
	const struct conns_item *y = b;
	const struct order *order = arg;
	int result = order->sign * compare_by(order->key, x, y);

	return result != 0 ? result : compare_identity(&x->conn, &y->conn);
}

int
conns_list(struct conns_list *list, const struct sample *now,
    const struct sample *before, const struct conns_query *query)
{
	struct order order = { query->key, query->reverse ? -1 : 1 };
	const struct sample_conn *conns;
	struct earlier earlier;

	*list = (struct conns_list){ .items = NULL };
	conns = sample_conns(now, &list->total);
	list->items = calloc(list->total + 1, sizeof *list->items);
	if (list->items == NULL || earlier_init(&earlier, now, before) < 0) {
		conns_free(list);
		return -1;
	}
	for (size_t i = 0; i < list->total; i++)
		if (matches(&conns[i], query->filter))
			list->items[list->matched++] =
			    make_item(&conns[i], &earlier);
	free(earlier.conns);
	qsort_r(list->items, list->matched, sizeof *list->items, compare_items,
	    &order);
	list->count = query->limit > 0 && query->limit < list->matched
	    ? query->limit
	    : list->matched;
	return 0;
}

void
conns_free(struct conns_list *list)
{
	free(list->items);
	*list = (struct conns_list){ .items = NULL };
}
