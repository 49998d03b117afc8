/* Tests of tools/print/prometheus: its lines, and that none is missing. */
#include "tools/print/prometheus.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tools/print/metric.h"
#include "tools/sample/build.h"

static const struct sample_server alive = {
	.name = "one",
	.program = "tlsecho-server 1.2.3",
	.pid = 7,
	.start_wall_ns = 1769862896 * CLOCK_NS_PER_S,
	.is_alive = true,
};

/* A master and a worker, with the fields of this release. */
static struct sample *
make(bool is_alive)
{
	struct stats_field fields[STATS_FIELDS];
	struct sample_server server = alive;
	struct sample *s;

	server.is_alive = is_alive;
	stats_describe(fields);
	s = sample_new(&server, fields, STATS_FIELDS, 2);
	ck_assert_ptr_nonnull(s);
	sample_edit_slot(s, 1)->state = STATS_SLOT_READY;
	return s;
}

/* For free(). */
static char *
print(const struct prometheus_source *sources, size_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(prometheus_print(sources, count, out), 0);
	(void)fclose(out);
	return text;
}

static char *
print_one(struct sample *s)
{
	const struct prometheus_source source = { "one", s };
	char *text;

	ck_assert_int_eq(sample_finish(s), 0);
	text = print(&source, 1);
	sample_free(&s);
	return text;
}

static unsigned
count(const char *text, const char *words)
{
	unsigned n = 0;

	for (; (text = strstr(text, words)) != NULL; text++)
		n++;
	return n;
}

static void
expect(const char *text, const char *line)
{
	ck_assert_msg(count(text, line) == 1, "%u times '%s' in %s",
	    count(text, line), line, text);
}

/* Even where all is 0, and each once: no series may appear later. */
TEST(each_field_is_there_once)
{
	struct stats_field fields[STATS_FIELDS];
	char *text = print_one(make(true));
	struct metric metric;
	char line[256];

	stats_describe(fields);
	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		metric_name(&fields[i], &metric);
		(void)snprintf(line, sizeof line, "\n# HELP %s ", metric.name);
		ck_assert_msg(
		    count(text, line) + (strstr(text, line + 1) == text) == 1,
		    "%s", line);
		if (metric.label != NULL)
			(void)snprintf(line, sizeof line,
			    "\n%s{server=\"one\",%s=\"%s\"} ", metric.name,
			    metric.label, metric.value);
		else
			(void)snprintf(line, sizeof line,
			    "\n%s%s{server=\"one\"} ", metric.name,
			    metric.type == METRIC_HISTOGRAM ? "_count" : "");
		expect(text, line);
	}
	ck_assert_str_eq(strrchr(text, '#'), "# EOF\n");
	free(text);
}

static unsigned
field(const struct sample *s, const char *name)
{
	int i = sample_find(s, name);

	ck_assert_msg(i >= 0, "%s", name);
	return (unsigned)i;
}

TEST(values_are_in_base_units)
{
	struct sample *s = make(true);
	char *text;

	sample_set_value(s, 0, field(s, "handshake_expired"), 2);
	sample_set_value(s, 1, field(s, "handshake_expired"), 3);
	sample_set_value(s, 1, field(s, "open"), 4);
	sample_set_value(s, 1, field(s, "bytes_sent"), UINT64_MAX);
	sample_edit_slot(s, 1)->cpu_ns = 1500 * CLOCK_NS_PER_MS;
	sample_edit_slot(s, 1)->memory_bytes = 4096;
	sample_edit_slot(s, 1)->is_stalled = true;
	text = print_one(s);
	expect(text,
	    "\n# HELP tlsecho_handshake_failures_total handshakes failed, by "
	    "cause\n# TYPE tlsecho_handshake_failures_total counter\n");
	expect(text,
	    "\ntlsecho_handshake_failures_total{server=\"one\",cause="
	    "\"expired\"} 5\n");
	expect(text,
	    "\ntlsecho_sent_bytes_total{server=\"one\"} "
	    "18446744073709551615\n");
	expect(text, "\ntlsecho_up{server=\"one\"} 1\n");
	expect(text,
	    "\ntlsecho_build_info{server=\"one\",program=\"tlsecho-server\","
	    "version=\"1.2.3\"} 1\n");
	expect(text,
	    "\ntlsecho_server_start_timestamp_seconds{server=\"one\"} "
	    "1769862896\n");
	expect(text,
	    "\ntlsecho_worker_open_connections{server=\"one\",worker=\"0\"} "
	    "4\n");
	expect(text,
	    "\ntlsecho_worker_cpu_seconds_total{server=\"one\",worker=\"0\"} "
	    "1.5\n");
	expect(text,
	    "\ntlsecho_worker_resident_memory_bytes{server=\"one\",worker="
	    "\"0\"} 4096\n");
	expect(
	    text, "\ntlsecho_worker_stalled{server=\"one\",worker=\"0\"} 1\n");
	free(text);
}

/* At the edges of our own buckets: the last value below, the first above. */
TEST(histogram)
{
	static const char lines[] =
	    "tlsecho_hello_size_bytes_bucket{server=\"one\",le=\"16.0\"} 0\n"
	    "tlsecho_hello_size_bytes_bucket{server=\"one\",le=\"32.0\"} 1\n"
	    "tlsecho_hello_size_bytes_bucket{server=\"one\",le=\"64.0\"} 3\n";
	struct sample *s = make(true);
	unsigned size = field(s, "hello_size");
	unsigned echo = field(s, "echo_time");
	struct hist *h;
	char *text;

	hist_add(sample_make_hist(s, 0, size), 31, 1);
	hist_add(sample_make_hist(s, 1, size), 32, 2);
	h = sample_make_hist(s, 1, echo);
	hist_add(h, 1000, 1);
	hist_add(h, 1 << 20, 2);
	hist_add(h, INT64_C(2000) * CLOCK_NS_PER_S, 4); /* above all edges */
	text = print_one(s);
	expect(text, lines);
	expect(text, "bytes_bucket{server=\"one\",le=\"1.048576e+06\"} 3\n");
	expect(text, "\ntlsecho_hello_size_bytes_sum{server=\"one\"} 95\n");
	expect(text,
	    "echo_duration_seconds_bucket{server=\"one\","
	    "le=\"1.024e-06\"} 1\n");
	expect(text,
	    "echo_duration_seconds_bucket{server=\"one\","
	    "le=\"0.001048576\"} 1\n");
	expect(text,
	    "echo_duration_seconds_bucket{server=\"one\","
	    "le=\"0.002097152\"} 3\n");
	expect(text,
	    "echo_duration_seconds_bucket{server=\"one\",le=\"+Inf\"} 7\n"
	    "tlsecho_echo_duration_seconds_sum{server=\"one\"} "
	    "8000.002098152\n"
	    "tlsecho_echo_duration_seconds_count{server=\"one\"} 7\n");
	ck_assert_uint_le(count(text, "echo_duration_seconds_bucket"), 60);
	ck_assert_uint_le(count(text, "hello_size_bytes_bucket"), 60);
	free(text);
}

/* The count of a histogram that is being written to may lag its buckets. */
TEST(count_is_that_of_the_buckets)
{
	struct sample *s = make(true);
	struct hist *h = sample_make_hist(s, 1, field(s, "echo_time"));
	char *text;

	hist_add(h, 5000, 3);
	counter_set(&h->count, 2);
	text = print_one(s);
	expect(text, "echo_duration_seconds_count{server=\"one\"} 3\n");
	free(text);
}

/* Its totals were true; that its connections are open is not. */
TEST(dead_server_has_no_gauges)
{
	char *text = print_one(make(false));

	expect(text, "\ntlsecho_up{server=\"one\"} 0\n");
	expect(text, "tlsecho_connections_accepted_total{server=\"one\"} 0\n");
	expect(text, "tlsecho_echo_duration_seconds_count{server=\"one\"} 0\n");
	ck_assert_uint_eq(count(text, " gauge\n"), 1);
	ck_assert_ptr_null(strstr(text, "worker=\""));
	free(text);
}

/* One HELP and TYPE for all, and the series of a metric together. */
TEST(several_servers)
{
	struct sample *s = make(true);
	const struct prometheus_source sources[] = { { "gone", NULL },
		{ "one", s }, { "two", s } };
	char *text;

	ck_assert_int_eq(sample_finish(s), 0);
	text = print(sources, 3);
	expect(text,
	    "# TYPE tlsecho_up gauge\n"
	    "tlsecho_up{server=\"gone\"} 0\n"
	    "tlsecho_up{server=\"one\"} 1\n"
	    "tlsecho_up{server=\"two\"} 1\n");
	expect(text,
	    "total counter\n"
	    "tlsecho_reloads_total{server=\"one\"} 0\n"
	    "tlsecho_reloads_total{server=\"two\"} 0\n");
	ck_assert_uint_eq(count(text, "server=\"gone\""), 1);
	free(text);
	sample_free(&s);
}

/* What somebody writes into a segment cannot spoil what others say. */
TEST(fields_of_a_hostile_segment)
{
	static const struct stats_field fields[] = {
		{ .name = "up", .help = "a \\ b", .kind = STATS_KIND_HIST },
		{ .name = "worker_up", .help = "x", .kind = STATS_KIND_HIST },
		{ .name = "twice", .help = "a \\ b" },
		{ .name = "twice", .help = "other" },
	};
	struct sample_server server = alive;
	struct sample *s;
	char *text;

	strcpy(server.program, "a\"b\\ 1\"");
	s = sample_new(&server, fields, TEST_ROWS(fields), 2);
	sample_edit_slot(s, 1)->state = STATS_SLOT_READY;
	text = print_one(s);
	expect(text,
	    "# TYPE tlsecho_up gauge\n"
	    "tlsecho_up{server=\"one\"} 1\n#");
	expect(text,
	    "# TYPE tlsecho_worker_up gauge\n"
	    "tlsecho_worker_up{server=\"one\",worker=\"0\"} 1\n#");
	expect(text, "# HELP tlsecho_twice_total a \\\\ b\n");
	expect(text, "\ntlsecho_twice_total{server=\"one\"} 0\n# HELP");
	expect(text, "program=\"a\\\"b\\\\\",version=\"1\\\"\"} 1\n");
	free(text);
}

SUITE("tools/print/prometheus")
