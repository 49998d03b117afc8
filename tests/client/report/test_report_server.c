/* test_report_server: the table, the reasons and the status. */
#include "client/report/report_server.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/json_maker.h"
#include "client/report/report.h"
#include "client/report/server_json.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options o = { .connections = 3, .workers = 1 };
static struct tally totals;
static struct server_stats server = { .name = "s",
	.count = 2,
	.rows = { { "accepted", 3, 3, true }, { "bytes_sent", 5, 6, true } },
	.messages = 4,
	.cpu_ns = 10000 };
static struct report r = { .options = &o,
	.totals = &totals,
	.server = &server };
static struct errmsg why;

static void
expect(const char *text)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	ck_assert_ptr_nonnull(out);
	report_print_server(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(got, text);
	free(got);
}

TEST(without_it_nothing)
{
	r.server = NULL;
	expect("");
	ck_assert_int_eq(report_check_server(&r, &why), 0);
}

TEST(agrees)
{
	hist_add(&server.echo_time, 20, 4);
	expect("Server 's': 2 of 2 counters agree\n"
	       "  counter                        client           server\n"
	       "  accepted                            3                3  "
	       "equal\n"
	       "  bytes_sent                          5                6  "
	       "as failures explain\n"
	       "Server's CPU time: 0.000 s (2.50 us per round trip)\n"
	       "server echo     20 ns     20 ns      0 ns     20 ns"
	       "         -         -         -         -     20 ns\n");
	tally_add(&totals, TALLY_MADE, 3);
	ck_assert_int_eq(report_status(&r), REPORT_OK);
}

TEST(differs)
{
	server.rows[1].agrees = false;
	server.cpu_ns = -1;
	expect("Server 's': 1 of 2 counters agree\n"
	       "  counter                        client           server\n"
	       "  accepted                            3                3  "
	       "equal\n"
	       "  bytes_sent                          5                6  "
	       "DIFFERS\n");
	tally_add(&totals, TALLY_MADE, 3);
	ck_assert_int_eq(report_explain(&r, &why), REPORT_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text,
	    "1 counter of server 's' and this client differ, such as "
	    "bytes_sent: the server has 6, the client 5; "));
}

TEST(is_lost)
{
	(void)errmsg_set(&server.lost, "it ended");
	server.count = 0;
	expect("Server 's': it ended\n");
	ck_assert_int_eq(report_check_server(&r, &why), -1);
	ck_assert_str_eq(
	    why.text, "nothing can be compared with server 's': it ended");
}

/* A wrong echo or a signal may cost data, but no connection. */
TEST(what_failures_excuse)
{
	struct server_loss loss;

	tally_add(&totals, TALLY_MADE, 3);
	loss = report_server_loss(&r);
	ck_assert_uint_eq(loss.connections, 0);
	ck_assert(!loss.data);
	r.interrupted = true;
	ck_assert(report_server_loss(&r).data);
	r.cut_off = 2;
	tally_add(&totals, TALLY_REFUSED, 1);
	tally_fail(&totals,
	    &(struct tally_failure){ .reason = REASON_CLOSED, .time_ns = 1 },
	    true);
	loss = report_server_loss(&r);
	ck_assert_uint_eq(loss.connections, 4);
	ck_assert(loss.data);
}

TEST(as_json)
{
	struct json_maker m = { .report = &r, .totals = &totals, .ok = true };
	json_t *object;
	const json_t *row;

	server.rows[1].agrees = false;
	object = server_json(&m);
	ck_assert(m.ok);
	row = json_array_get(json_object_get(object, "counters"), 1);
	ck_assert_str_eq(
	    json_string_value(json_object_get(row, "name")), "bytes_sent");
	ck_assert_int_eq(json_integer_value(json_object_get(row, "client")), 5);
	ck_assert_int_eq(json_integer_value(json_object_get(row, "server")), 6);
	ck_assert(json_is_false(json_object_get(row, "agree")));
	ck_assert(json_is_null(json_object_get(object, "lost")));
	ck_assert(json_is_null(json_object_get(object, "echo_time")));
	ck_assert(json_real_value(json_object_get(
		      object, "cpu_per_round_trip_ns")) == 2500);
	json_decref(object);
}

SUITE("client/report/report_server")
