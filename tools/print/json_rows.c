/* json_rows: an object for each row; see the header. */
#include "tools/print/json_rows.h"

#include <math.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/counter.h"
#include "common/base/printable.h"
#include "common/base/utc.h"
#include "tools/sample/conns.h"

/* Thousandths of a second; a row may be younger than the sample's time. */
static json_t *
seconds(int64_t ns)
{
	return json_real(ns > 0 ? round((double)ns / 1e6) / 1e3 : 0);
}

static json_t *
integer(uint64_t value)
{
	return json_integer(
	    value < INT64_MAX ? (json_int_t)value : (json_int_t)INT64_MAX);
}

/* "-" and nothing stand for none; what is not UTF-8 becomes ASCII. */
static json_t *
word(const char *text)
{
	char ascii[CONNS_TEXT];
	size_t n;

	if (text[0] == '\0' || strcmp(text, "-") == 0)
		return json_null();
	if (printable_is_utf8(text, strlen(text)))
		return json_string(text);
	for (n = 0; text[n] != '\0' && n < sizeof ascii - 1; n++)
		ascii[n] = (unsigned char)text[n] < 0x80 ? text[n] : '?';
	ascii[n] = '\0';
	return json_string(ascii);
}

json_t *
json_rows_connection(const struct sample *s, const struct sample_conn *conn)
{
	const struct stats_row *row = &conn->row;
	char peer[CONNS_TEXT], version[CONNS_TEXT], suite[CONNS_TEXT];
	char group[CONNS_TEXT];

	return json_pack("{s:i, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, "
			 "s:o, s:o, s:o, s:o}",
	    "worker", (int)conn->slot - 1, "id", integer(row->id), "state",
	    conns_state(row), "peer", conns_peer(row->address, row->port, peer),
	    "name", word(row->name), "version",
	    word(conns_version(row->version, version)), "cipher",
	    word(conns_suite(row->suite, suite)), "group",
	    word(conns_group(row->group, group)), "resumed",
	    (row->flags & STATS_ROW_RESUMED) != 0, "age_s",
	    seconds(conns_age_ns(s, row)), "idle_s",
	    seconds(conns_idle_ns(s, row)), "bytes_received",
	    integer(counter_get(&row->bytes_received)), "bytes_sent",
	    integer(counter_get(&row->bytes_sent)), "read_operations",
	    integer(counter_get(&row->read_operations)));
}

static json_t *
make_offender(const struct stats_offender *o)
{
	static const char *const from[] = {
		[STATS_ALERT_SENT] = "server",
		[STATS_ALERT_RECEIVED] = "peer",
	};
	const bool has_alert = o->has_alert == STATS_ALERT_SENT ||
	    o->has_alert == STATS_ALERT_RECEIVED;
	char peer[CONNS_TEXT], time[UTC_TEXT];

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "time",
	    utc_format_ms(o->wall_ns, time), "peer",
	    conns_peer(o->address, o->port, peer), "cause", word(o->cause),
	    "name", word(o->name), "alert",
	    has_alert ? json_integer(o->alert) : json_null(), "alert_from",
	    has_alert ? json_string(from[o->has_alert]) : json_null());
}

json_t *
json_rows_connections(const struct sample *s)
{
	json_t *array = json_array();
	const struct sample_conn *conns;
	size_t count;

	conns = sample_conns(s, &count);
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(
			array, json_rows_connection(s, &conns[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

json_t *
json_rows_offenders(const struct sample *s)
{
	json_t *array = json_array();
	const struct stats_offender *offenders;
	size_t count;

	offenders = sample_offenders(s, &count);
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(array, make_offender(&offenders[i])) <
		    0) {
			json_decref(array);
			return NULL;
		}
	return array;
}
