/* server_json: what --server-stats found, with jansson; see the header. */
#include "client/report/server_json.h"

#include "client/report/json_maker.h"
#include "client/report/report.h"
#include "client/server_stats.h"

static json_t *
make_rows(struct json_maker *m, const struct server_stats *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < s->count; i++) {
		const struct server_row *row = &s->rows[i];
		json_t *object = json_object();

		maker_set_text(m, object, "name", row->name);
		maker_set_count(m, object, "client", row->client);
		maker_set_count(m, object, "server", row->server);
		maker_set(m, object, "agree", json_boolean(row->agrees));
		maker_append(m, list, object);
	}
	return list;
}

json_t *
server_json(struct json_maker *m)
{
	const struct server_stats *s = m->report->server;
	json_t *object;

	if (s == NULL)
		return json_null();
	object = json_object();
	maker_set_text(m, object, "segment", s->name);
	maker_set_text(
	    m, object, "lost", s->lost.text[0] != '\0' ? s->lost.text : NULL);
	maker_set(m, object, "counters", make_rows(m, s));
	maker_set(m, object, "cpu_ns",
	    s->cpu_ns >= 0 ? maker_count((uint64_t)s->cpu_ns) : json_null());
	maker_set(m, object, "cpu_per_round_trip_ns",
	    s->cpu_ns >= 0 && s->messages > 0
		? json_real(server_stats_cpu_each_ns(s))
		: json_null());
	if (s->has_echo_time)
		maker_set_latency(m, object, "echo_time", &s->echo_time);
	else
		maker_set(m, object, "echo_time", json_null());
	return object;
}
