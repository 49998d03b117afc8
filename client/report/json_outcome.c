/* json_outcome: parts of the JSON report; see the header. */
#include "client/report/json_outcome.h"

#include "client/report/json_maker.h"
#include "client/tally.h"
#include "common/base/close_reason.h"
#include "common/base/hex.h"
#include "common/tls/alert.h"

json_t *
json_errors(struct json_maker *m)
{
	json_t *object = json_object();
	char word[CLOSE_REASON_WORD];

	for (enum close_reason i = 0; i < REASON_COUNT; i++)
		if (tally_errors(m->totals, i) > 0)
			maker_set_count(m, object, close_reason_word(i, word),
			    tally_errors(m->totals, i));
	return object;
}

json_t *
json_alerts(struct json_maker *m)
{
	json_t *object = json_object();
	char name[TLS_ALERT_TEXT];

	for (int i = 0; i < TLS_ALERTS; i++)
		if (tally_alerts(m->totals, (uint8_t)i) > 0)
			maker_set_count(m, object,
			    tls_alert_name((uint8_t)i, name),
			    tally_alerts(m->totals, (uint8_t)i));
	return object;
}

json_t *
json_negotiated(struct json_maker *m)
{
	json_t *list = json_array();
	const struct negotiated_params *p;

	for (unsigned i = 0;
	     (p = negotiated_nth(&m->totals->negotiated, i)) != NULL; i++) {
		json_t *object = json_object();

		maker_set_text(m, object, "version", p->version);
		maker_set_text(m, object, "suite", p->suite);
		maker_set_text(m, object, "group", p->group);
		maker_set_text(m, object, "signature", p->signature);
		maker_set(m, object, "post_quantum",
		    json_boolean(p->is_post_quantum));
		maker_set_text(m, object, "alpn", p->alpn);
		maker_set_count(m, object, "connections", p->connections);
		maker_append(m, list, object);
	}
	return list;
}

json_t *
json_first_failure(struct json_maker *m)
{
	const struct tally_failure *f = &m->totals->first;
	char word[CLOSE_REASON_WORD];
	json_t *object;

	if (f->time_ns == 0)
		return json_null();
	object = json_object();
	maker_set_count(m, object, "connection", f->connection);
	maker_set_count(m, object, "worker", f->worker);
	maker_set_text(m, object, "reason", close_reason_word(f->reason, word));
	maker_set_text(m, object, "detail", f->detail);
	return object;
}

/* The bytes in hexadecimal. */
json_t *
json_mismatch(struct json_maker *m)
{
	const struct mismatch *wrong = &m->totals->mismatch;
	char text[2 * MISMATCH_BYTES + 1];
	json_t *object;

	if (wrong->time_ns == 0)
		return json_null();
	object = json_object();
	maker_set_count(m, object, "connection", wrong->connection);
	maker_set_count(m, object, "worker", wrong->worker);
	maker_set_count(m, object, "stream_offset", wrong->stream_offset);
	maker_set_count(m, object, "message_offset", wrong->message_offset);
	maker_set_count(m, object, "message_size", wrong->message_size);
	maker_set_count(m, object, "right_before", wrong->lead);
	(void)hex_put(text, wrong->wanted, wrong->wanted_size, HEX_LOWER);
	maker_set_text(m, object, "wanted", text);
	(void)hex_put(text, wrong->got, wrong->got_size, HEX_LOWER);
	maker_set_text(m, object, "got", text);
	maker_set_text(m, object, "looks_like", wrong->looks_like);
	return object;
}
