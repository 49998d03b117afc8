/* fields: the table; see the header. */
#include "client/runs/fields.h"

const struct field field_table[] = {
	{ "program", FIELD_TEXT, false, FIELD_FIRST },
	{ "version", FIELD_TEXT, false, FIELD_APART },
	{ "target", FIELD_TEXT, false, FIELD_APART },
	{ "addresses", FIELD_LIST, false, FIELD_APART },
	{ "workers", FIELD_COUNT, false, FIELD_SUM },
	{ "presents_certificate", FIELD_FLAG, false, FIELD_ALL },
	{ "ok", FIELD_FLAG, false, FIELD_ALL },
	{ "exit_status", FIELD_COUNT, false, FIELD_APART },
	{ "valid", FIELD_FLAG, false, FIELD_ALL },
	{ "invalid_because", FIELD_TEXT, true, FIELD_APART },
	{ "rate", FIELD_REAL, false, FIELD_SUM },
	{ "intended", FIELD_COUNT, false, FIELD_SUM },
	{ "started", FIELD_COUNT, false, FIELD_SUM },
	{ "busiest_worker", FIELD_REAL, false, FIELD_MAX },
	{ "interrupted", FIELD_FLAG, false, FIELD_ANY },
	{ "connections", FIELD_COUNTS, false, FIELD_SUM },
	{ "negotiated", FIELD_LIST, false, FIELD_APART },
	{ "elapsed_ns", FIELD_COUNT, false, FIELD_APART },
	{ "round_trips", FIELD_COUNT, false, FIELD_SUM },
	{ "round_trips_per_second", FIELD_REAL, false, FIELD_APART },
	{ "transactions", FIELD_COUNT, false, FIELD_SUM },
	{ "transactions_per_second", FIELD_REAL, false, FIELD_APART },
	{ "resumed_percent", FIELD_REAL, false, FIELD_APART },
	{ "tickets", FIELD_COUNT, false, FIELD_SUM },
	{ "tickets_offered", FIELD_COUNT, false, FIELD_SUM },
	{ "tickets_refused", FIELD_COUNT, false, FIELD_SUM },
	{ "cpu_ns", FIELD_COUNT, true, FIELD_SUM },
	{ "cpu_per_round_trip_ns", FIELD_REAL, true, FIELD_APART },
	{ "cpu_per_transaction_ns", FIELD_REAL, true, FIELD_APART },
	{ "traffic", FIELD_COUNTS, false, FIELD_SUM },
	{ "errors", FIELD_COUNTS, false, FIELD_SUM },
	{ "alerts", FIELD_COUNTS, false, FIELD_SUM },
	{ "first_failure", FIELD_OBJECT, true, FIELD_FIRST },
	{ "first_refused", FIELD_TEXT, true, FIELD_FIRST },
	{ "mismatch", FIELD_OBJECT, true, FIELD_FIRST },
	{ "workers_died", FIELD_COUNT, false, FIELD_SUM },
	{ "latency_error_percent", FIELD_REAL, false, FIELD_FIRST },
	{ "configuration", FIELD_OBJECT, false, FIELD_APART },
	{ "environment", FIELD_OBJECT, false, FIELD_APART },
	{ "started_at", FIELD_TEXT, false, FIELD_APART },
	{ "measured", FIELD_COUNTS, true, FIELD_APART },
	{ "histogram_layout", FIELD_OBJECT, false, FIELD_APART },
	{ "histograms", FIELD_OBJECT, false, FIELD_APART },
	{ "series", FIELD_LIST, false, FIELD_APART },
	{ "goals", FIELD_LIST, false, FIELD_APART },
	{ "expectations", FIELD_OBJECT, true, FIELD_APART },
	{ "identities", FIELD_OBJECT, true, FIELD_APART },
	{ "search", FIELD_OBJECT, true, FIELD_APART },
	{ "server", FIELD_OBJECT, true, FIELD_APART },
	{ .key = NULL },
};

const struct field field_series_table[] = {
	{ "second", FIELD_COUNT, false, FIELD_APART },
	{ "end_ns", FIELD_COUNT, false, FIELD_APART },
	{ "open", FIELD_COUNT, false, FIELD_SUM },
	{ "round_trips", FIELD_COUNT, false, FIELD_SUM },
	{ "transactions", FIELD_COUNT, false, FIELD_SUM },
	{ "errors", FIELD_COUNT, false, FIELD_SUM },
	{ "bytes_received", FIELD_COUNT, false, FIELD_SUM },
	{ "bytes_sent", FIELD_COUNT, false, FIELD_SUM },
	{ "cpu_ns", FIELD_COUNT, true, FIELD_SUM },
	{ "latency", FIELD_OBJECT, false, FIELD_APART },
	{ .key = NULL },
};

/* What is asked of the options: what a union and a comparison need. */
const struct field field_configuration_table[] = {
	{ "connections", FIELD_COUNT, false, FIELD_SUM },
	{ "workers", FIELD_COUNT, false, FIELD_SUM },
	{ "rate", FIELD_REAL, false, FIELD_SUM },
	{ "round_trips", FIELD_COUNT, false, FIELD_SUM },
	{ "connect_rate", FIELD_REAL, false, FIELD_SUM },
	{ "handshakes", FIELD_FLAG, false, FIELD_APART },
	{ "idle", FIELD_FLAG, false, FIELD_APART },
	{ "no_echo", FIELD_FLAG, false, FIELD_APART },
	{ "reconnect", FIELD_COUNT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_environment_table[] = {
	{ "gnutls", FIELD_TEXT, false, FIELD_APART },
	{ "kernel", FIELD_TEXT, false, FIELD_APART },
	{ "machine", FIELD_TEXT, false, FIELD_APART },
	{ "hostname", FIELD_TEXT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_connections_table[] = {
	{ "asked", FIELD_COUNT, false, FIELD_SUM },
	{ "made", FIELD_COUNT, false, FIELD_SUM },
	{ "refused", FIELD_COUNT, false, FIELD_SUM },
	{ "failed", FIELD_COUNT, false, FIELD_SUM },
	{ "not_made", FIELD_COUNT, false, FIELD_SUM },
	{ "lost", FIELD_COUNT, false, FIELD_SUM },
	{ "cut_off", FIELD_COUNT, false, FIELD_SUM },
	{ "unanswered", FIELD_COUNT, false, FIELD_SUM },
	{ "answered_at_fin", FIELD_COUNT, false, FIELD_SUM },
	{ .key = NULL },
};

const struct field field_traffic_table[] = {
	{ "handshakes", FIELD_COUNT, false, FIELD_SUM },
	{ "handshakes_resumed", FIELD_COUNT, false, FIELD_SUM },
	{ "read_operations", FIELD_COUNT, false, FIELD_SUM },
	{ "write_operations", FIELD_COUNT, false, FIELD_SUM },
	{ "bytes_received", FIELD_COUNT, false, FIELD_SUM },
	{ "bytes_sent", FIELD_COUNT, false, FIELD_SUM },
	{ "wire_bytes_received", FIELD_COUNT, false, FIELD_SUM },
	{ "wire_bytes_sent", FIELD_COUNT, false, FIELD_SUM },
	{ .key = NULL },
};

const struct field field_measured_table[] = {
	{ "from_unix_ns", FIELD_COUNT, false, FIELD_APART },
	{ "to_unix_ns", FIELD_COUNT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_expectations_table[] = {
	{ "differed", FIELD_COUNT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_latency_table[] = {
	{ "count", FIELD_COUNT, false, FIELD_APART },
	{ "min_ns", FIELD_COUNT, false, FIELD_APART },
	{ "mean_ns", FIELD_REAL, false, FIELD_APART },
	{ "stdev_ns", FIELD_REAL, false, FIELD_APART },
	{ "p50_ns", FIELD_COUNT, true, FIELD_APART },
	{ "p90_ns", FIELD_COUNT, true, FIELD_APART },
	{ "p99_ns", FIELD_COUNT, true, FIELD_APART },
	{ "p999_ns", FIELD_COUNT, true, FIELD_APART },
	{ "max_ns", FIELD_COUNT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_address_table[] = {
	{ "address", FIELD_TEXT, false, FIELD_APART },
	{ "unanswered", FIELD_COUNT, false, FIELD_SUM },
	{ .key = NULL },
};

const struct field field_negotiated_table[] = {
	{ "version", FIELD_TEXT, false, FIELD_APART },
	{ "suite", FIELD_TEXT, false, FIELD_APART },
	{ "group", FIELD_TEXT, false, FIELD_APART },
	{ "signature", FIELD_TEXT, false, FIELD_APART },
	{ "post_quantum", FIELD_FLAG, false, FIELD_APART },
	{ "alpn", FIELD_TEXT, false, FIELD_APART },
	{ "connections", FIELD_COUNT, false, FIELD_SUM },
	{ .key = NULL },
};

const struct field field_goal_table[] = {
	{ "goal", FIELD_TEXT, false, FIELD_APART },
	{ "value", FIELD_REAL, true, FIELD_APART },
	{ "met", FIELD_FLAG, true, FIELD_APART },
	{ .key = NULL },
};

const struct field field_part_table[] = {
	{ "file", FIELD_TEXT, false, FIELD_APART },
	{ "hostname", FIELD_TEXT, false, FIELD_APART },
	{ "started_at", FIELD_TEXT, false, FIELD_APART },
	{ "from_unix_ns", FIELD_COUNT, false, FIELD_APART },
	{ "to_unix_ns", FIELD_COUNT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_remark_table[] = {
	{ "file", FIELD_TEXT, false, FIELD_APART },
	{ "why", FIELD_TEXT, false, FIELD_APART },
	{ .key = NULL },
};

const struct field field_merged_table[] = {
	{ "parts", FIELD_COUNT, false, FIELD_APART },
	{ "files", FIELD_LIST, false, FIELD_APART },
	{ "overlap_percent", FIELD_REAL, false, FIELD_APART },
	{ "incomplete", FIELD_LIST, false, FIELD_APART },
	{ "missed", FIELD_LIST, false, FIELD_APART },
	{ "differing", FIELD_LIST, false, FIELD_APART },
	{ .key = NULL },
};
