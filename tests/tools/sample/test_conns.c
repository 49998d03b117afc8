/* Tests of tools/sample/conns: rates, filters, orders and words. */
#include "tools/sample/conns.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tools/sample/build.h"

#define SECOND CLOCK_NS_PER_S

static const struct stats_field field = { .name = "a", .help = "a" };
static const struct sample_server server = { .pid = 1, .start_ns = 1 };

struct made {
	unsigned slot;
	uint64_t id, bytes;
	int64_t opened_ns;
	const char *name;
};

static const struct made then[] = {
	{ 1, 1, 100, 1 * SECOND, "CN=alice" },
	{ 1, 2, 900, 2 * SECOND, "CN=bob" },
};
static const struct made now[] = {
	{ 2, 1, 5, 9 * SECOND, "CN=carol" },
	{ 1, 2, 1000, 2 * SECOND, "CN=bob" },
	{ 1, 1, 700, 1 * SECOND, "CN=alice" },
};

static struct sample *
make(const struct made *rows, size_t count, int64_t at_ns)
{
	struct sample *s = sample_new(&server, &field, 1, 3);

	ck_assert_ptr_nonnull(s);
	sample_set_times(s, at_ns, at_ns);
	for (size_t i = 0; i < count; i++) {
		struct stats_row row = { .state = STATS_ROW_OPEN,
			.id = rows[i].id,
			.bytes_received = rows[i].bytes,
			.opened_ns = rows[i].opened_ns,
			.port = (uint16_t)(1000 + rows[i].id),
			.address = { [10] = 0xff, 0xff, 127, 0, 0, 1 },
			.version = 0x0304,
			.suite = 0x1302,
			.group = 0x6399 };

		(void)snprintf(row.name, sizeof row.name, "%s", rows[i].name);
		ck_assert_int_eq(sample_add_conn(s, rows[i].slot, &row), 0);
	}
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

/* The names, in order: "alice bob carol". */
static const char *
names(struct conns_query query)
{
	struct sample *before = make(then, 2, 10 * SECOND);
	struct sample *s = make(now, 3, 12 * SECOND);
	static char text[64];
	struct conns_list list;

	ck_assert_int_eq(conns_list(&list, s, before, &query), 0);
	ck_assert_uint_eq(list.total, 3);
	text[0] = '\0';
	for (size_t i = 0; i < list.count; i++) {
		strcat(text, i > 0 ? " " : "");
		strcat(text, list.items[i].conn->row.name + 3);
	}
	conns_free(&list);
	sample_free(&before);
	sample_free(&s);
	return text;
}

static const struct {
	struct conns_query query;
	const char *names;
} orders[] = {
	{ { .key = CONNS_BY_RATE }, "alice bob carol" },
	{ { .key = CONNS_BY_RATE, .reverse = true }, "carol bob alice" },
	{ { .key = CONNS_BY_BYTES }, "bob alice carol" },
	{ { .key = CONNS_BY_AGE }, "alice bob carol" },
	{ { .key = CONNS_BY_IDLE, .reverse = true }, "carol bob alice" },
	{ { .key = CONNS_BY_NAME }, "alice bob carol" },
	{ { .key = CONNS_BY_PEER }, "alice carol bob" },
	{ { .key = CONNS_BY_WORKER }, "alice bob carol" },
	{ { .key = CONNS_BY_NAME, .limit = 2 }, "alice bob" },
	{ { .key = CONNS_BY_NAME, .filter = "BOB" }, "bob" },
	{ { .key = CONNS_BY_NAME, .filter = ":1001" }, "alice carol" },
	{ { .key = CONNS_BY_NAME, .filter = "worker 1" }, "carol" },
	{ { .key = CONNS_BY_NAME, .filter = "0x6399", .limit = 1 }, "alice" },
	{ { .key = CONNS_BY_NAME, .filter = "nobody" }, "" },
	{ { .key = CONNS_BY_NAME, .filter = "" }, "alice bob carol" },
};

TEST_EACH(order_and_filter, orders)
{
	ck_assert_str_eq(names(orders[_i].query), orders[_i].names);
}

TEST(rates_are_of_the_same_connection)
{
	static const struct conns_query query = { .key = CONNS_BY_RATE };
	struct sample *before = make(then, 2, 10 * SECOND);
	struct sample *s = make(now, 3, 12 * SECOND);
	struct conns_list list;

	ck_assert_int_eq(conns_list(&list, s, before, &query), 0);
	ck_assert_double_eq(list.items[0].bytes_per_second, 300);
	ck_assert_double_eq(list.items[1].bytes_per_second, 50);
	ck_assert_double_eq(list.items[2].bytes_per_second, 0); /* is new */
	conns_free(&list);
	ck_assert_int_eq(conns_list(&list, s, NULL, &query), 0);
	ck_assert_double_eq(list.items[0].bytes_per_second, 0);
	conns_free(&list);
	sample_free(&before);
	sample_free(&s);
}

TEST(words_and_times)
{
	struct sample *s = make(now, 1, 12 * SECOND);
	uint8_t v6[STATS_ROW_ADDRESS] = { [15] = 1 };
	const struct sample_conn *conn;
	char text[CONNS_TEXT];
	enum conns_key key;
	size_t count;

	conn = sample_conns(s, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(conns_peer(conn->row.address, conn->row.port, text),
	    "127.0.0.1:1001");
	ck_assert_str_eq(conns_peer(v6, 7, text), "[::1]:7");
	ck_assert_str_eq(conns_version(0x0304, text), "TLS1.3");
	ck_assert_str_eq(conns_suite(0x1302, text), "TLS_AES_256_GCM_SHA384");
	ck_assert_str_eq(conns_group(0x11ec, text), "X25519MLKEM768");
	ck_assert_str_eq(conns_group(0x6399, text), "0x6399");
	ck_assert_str_eq(conns_group(0, text), "-");
	ck_assert_int_eq(conns_age_ns(s, &conn->row), 3 * SECOND);
	ck_assert_int_eq(conns_idle_ns(s, &conn->row), 3 * SECOND);
	for (enum conns_key k = 0; k < CONNS_KEYS; k++) {
		ck_assert(conns_parse_key(conns_key_word(k), &key));
		ck_assert_int_eq(key, k);
	}
	ck_assert(!conns_parse_key("colour", &key));
	sample_free(&s);
}

SUITE("tools/sample/conns")
