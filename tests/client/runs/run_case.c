/* run_case: a template, filled with random latencies; see the header. */
#include "tests/client/runs/run_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/report/json_maker.h"
#include "client/runs/hist_json.h"
#include "client/tally_hist.h"
#include "common/base/counter.h"

static const char template[] =
    "{'format': 'tlsecho-client run', 'format_version': 1,"
    " 'program': 'tlsecho-client', 'version': '0.1.0',"
    " 'target': 'localhost:4433',"
    " 'addresses': [{'address': '127.0.0.1:4433', 'unanswered': 1}],"
    " 'workers': 2, 'presents_certificate': true,"
    " 'ok': true, 'exit_status': 0, 'valid': true, 'invalid_because': null,"
    " 'rate': 0, 'intended': 0, 'started': 0, 'busiest_worker': 0.5,"
    " 'interrupted': false,"
    " 'connections': {'asked': 4, 'made': 4, 'refused': 0, 'failed': 0,"
    "  'not_made': 0, 'lost': 0, 'cut_off': 0, 'unanswered': 0,"
    "  'answered_at_fin': 0},"
    " 'negotiated': [{'version': 'TLS1.3', 'suite': 'AES-256-GCM',"
    "  'group': 'X25519', 'signature': 'ECDSA', 'post_quantum': false,"
    "  'alpn': 'none', 'connections': 4}],"
    " 'elapsed_ns': 3000000000, 'round_trips': 0,"
    " 'round_trips_per_second': 0.0, 'transactions': 0,"
    " 'transactions_per_second': 0.0, 'resumed_percent': 0.0, 'tickets': 0,"
    " 'tickets_offered': 0, 'tickets_refused': 0,"
    " 'cpu_ns': 1000000, 'cpu_per_round_trip_ns': 1000.0,"
    " 'cpu_per_transaction_ns': 0.0,"
    " 'traffic': {'handshakes': 4, 'handshakes_resumed': 1,"
    "  'read_operations': 9, 'write_operations': 9, 'bytes_received': 500,"
    "  'bytes_sent': 500, 'wire_bytes_received': 900,"
    "  'wire_bytes_sent': 900},"
    " 'errors': {}, 'alerts': {}, 'first_failure': null,"
    " 'first_refused': null, 'mismatch': null, 'workers_died': 0,"
    " 'latency_error_percent': 1.5625,"
    " 'configuration': {'connections': 4, 'workers': 2, 'rate': 0,"
    "  'duration_ns': 3000000000, 'size_min': 1, 'size_max': 100,"
    "  'round_trips': 0, 'connect_rate': 0, 'handshakes': false,"
    "  'idle': false, 'no_echo': false, 'reconnect': 0},"
    " 'environment': {'gnutls': '3.7.9', 'kernel': '6.1.0',"
    "  'machine': 'x86_64', 'cpus': 2, 'hostname': 'host'},"
    " 'started_at': '2026-01-31T12:34:56.789Z', 'measured': {},"
    " 'histograms': {}, 'series': [],"
    " 'goals': [], 'expectations': null, 'identities': null,"
    " 'search': null, 'server': null}";

static struct hist total;
static struct hist second;

/* The same numbers each time (Knuth's constants for a linear congruence). */
static uint64_t
next(uint64_t *state)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return *state >> 33;
}

/* From 1 us to 10 s, most of them short; beside a few that are out of range. */
static int64_t
random_latency(uint64_t *state)
{
	if (next(state) % 100 == 0)
		return INT64_C(1) << (40 + next(state) % 8);
	return (int64_t)(1000 + (next(state) >> next(state) % 31));
}

static json_t *
make_second(int i, unsigned count)
{
	json_t *object = json_pack("{s:i, s:I, s:i, s:i, s:i, s:i, s:i, s:i,"
				   " s:i, s:o}",
	    "second", i, "end_ns", (json_int_t)i * 1000000000, "open", 4,
	    "round_trips", (int)count, "transactions", 0, "errors", 0,
	    "bytes_received", 10, "bytes_sent", 10, "cpu_ns", 5, "latency",
	    hist_json_make(&second));

	ck_assert_ptr_nonnull(object);
	return object;
}

static void
fill_series(json_t *series, uint64_t *state)
{
	memset(&total, 0, sizeof total);
	for (int i = 1; i <= RUN_CASE_SECONDS; i++) {
		unsigned count = (unsigned)(next(state) % 300);

		memset(&second, 0, sizeof second);
		for (unsigned n = 0; n < count; n++) {
			int64_t ns = random_latency(state);

			hist_add(&second, ns, 1);
			hist_add(&total, ns, 1);
		}
		if (series != NULL)
			ck_assert_int_eq(json_array_append_new(
					     series, make_second(i, count)),
			    0);
	}
}

const struct hist *
run_case_hist(unsigned seed)
{
	uint64_t state = seed;

	fill_series(NULL, &state);
	return &total;
}

static json_t *
load_template(void)
{
	char text[sizeof template];
	json_error_t error;
	json_t *root;

	(void)strcpy(text, template);
	for (char *at = text; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	root = json_loads(text, 0, &error);
	ck_assert_msg(root != NULL, "%s", error.text);
	return root;
}

static void
set_number(json_t *object, const char *key, int64_t value)
{
	ck_assert_int_eq(
	    json_object_set_new(object, key, json_integer(value)), 0);
}

static void
set_hist(json_t *root, const char *key, const struct hist *h)
{
	json_t *hists = json_object_get(root, "histograms");

	(void)json_object_set_new(hists, key, hist_json_make(h));
	(void)json_object_set_new(root, key, maker_latency(h));
}

json_t *
run_case_new(unsigned seed)
{
	json_t *root = load_template();
	json_t *measured = json_object_get(root, "measured");
	static const struct hist none;
	int64_t from = INT64_C(1800000000000000000) + seed * INT64_C(10000000);
	uint64_t state = seed;

	fill_series(json_object_get(root, "series"), &state);
	set_number(root, "round_trips", (int64_t)hist_count(&total));
	set_number(measured, "from_unix_ns", from);
	set_number(
	    measured, "to_unix_ns", from + RUN_CASE_SECONDS * 1000000000LL);
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++)
		set_hist(root, tally_hist_key(i), &none);
	set_hist(root, "round_trip", &total);
	set_hist(root, "handshake", &second);
	(void)json_object_set_new(
	    root, "histogram_layout", hist_json_make_layout());
	return root;
}

static json_t *
step(json_t *at, const char *word)
{
	return json_is_array(at) ? json_array_get(at, (size_t)atoi(word))
				 : json_object_get(at, word);
}

void
run_case_set(json_t *root, const char *path, const char *json)
{
	char words[256];
	char *rest = words;
	char *word = NULL;
	json_t *at = root;
	json_t *value;

	(void)snprintf(words, sizeof words, "%s", path);
	while ((word = strsep(&rest, ".")) != NULL && rest != NULL)
		ck_assert_ptr_nonnull(at = step(at, word));
	if (json == NULL) {
		(void)json_object_del(at, word);
		return;
	}
	value = json_loads(json, JSON_DECODE_ANY, NULL);
	ck_assert_msg(value != NULL, "%s", json);
	if (json_is_array(at))
		ck_assert_int_eq(
		    json_array_set_new(at, (size_t)atoi(word), value), 0);
	else
		ck_assert_int_eq(json_object_set_new(at, word, value), 0);
}

void
run_case_write(json_t *root, const char *file)
{
	ck_assert_int_eq(json_dump_file(root, file, JSON_INDENT(1)), 0);
	json_decref(root);
}
