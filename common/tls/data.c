/*
 * data: what an established session reads and writes, in records of ours or by
 * GnuTLS's session; see tls/session.h.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/by_session.h"
#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"
#include "common/tls/session.h"

/* A record of which a part has come. */
struct tls_partial {
	size_t have, size; /* of the record; or, so far, of its header */
	uint8_t bytes[];
};

void
tls_forget_partial(struct tls *tls)
{
	free(tls->partial);
	tls->partial = NULL;
}

static bool
resize_partial(struct tls *tls, size_t size)
{
	struct tls_partial *partial =
	    realloc(tls->partial, sizeof *partial + size);

	if (partial == NULL)
		return false;
	if (tls->partial == NULL)
		partial->have = 0;
	partial->size = size;
	tls->partial = partial;
	return true;
}

/* Takes as much as it lacks off the input. */
static void
fill_partial(struct tls_partial *partial, struct tls_input *in)
{
	size_t n = partial->size - partial->have;

	if (n > in->n)
		n = in->n;
	memcpy(partial->bytes + partial->have, in->bytes, n);
	partial->have += n;
	in->bytes += n;
	in->n -= n;
}

static enum tls_result
fail_without_memory(struct tls *tls)
{
	return tls_fail(tls, REASON_INTERNAL, GNUTLS_A_INTERNAL_ERROR);
}

/* The header has come: there must be room for the rest. */
static enum tls_result
measure_partial(struct tls *tls)
{
	const uint8_t *header = tls->partial->bytes;
	int alert = tls_record_check(tls, header);

	if (alert != 0)
		return tls_fail(tls, REASON_PROTOCOL, alert);
	return resize_partial(tls, tls_record_size(header))
	    ? TLS_AGAIN
	    : fail_without_memory(tls);
}

static enum tls_result
gather(struct tls *tls, struct tls_input *in)
{
	enum tls_result result = TLS_AGAIN;

	if (tls->partial == NULL && !resize_partial(tls, TLS_HEADER_SIZE))
		return fail_without_memory(tls);
	fill_partial(tls->partial, in);
	if (tls->partial->have == TLS_HEADER_SIZE) {
		result = measure_partial(tls);
		fill_partial(tls->partial, in);
	}
	return result;
}

/* A whole record, where it came in if that has all of it. NULL: there is none,
 * or *result is FAIL. */
static const uint8_t *
next_record(struct tls *tls, struct tls_input *in, enum tls_result *result)
{
	const uint8_t *record = in->bytes;
	size_t size;

	if (tls->partial == NULL && in->n >= TLS_HEADER_SIZE) {
		size = tls_record_size(record);
		if (in->n >= size) {
			in->bytes += size;
			in->n -= size;
			return record;
		}
	}
	*result = gather(tls, in);
	if (*result != TLS_AGAIN || tls->partial->have < tls->partial->size)
		return NULL;
	return tls->partial->bytes;
}

/* OK: data; AGAIN: something else, which has been seen to. */
static enum tls_result
take_record(
    struct tls *tls, const uint8_t *record, const uint8_t **bytes, size_t *n)
{
	int type =
	    tls_record_open(tls, record, tls_record_size(record), bytes, n);

	tls_forget_partial(tls);
	if (type < 0)
		return tls_fail(tls,
		    type == -GNUTLS_A_INTERNAL_ERROR ? REASON_INTERNAL
						     : REASON_PROTOCOL,
		    -type);
	if (type != TLS_APPLICATION_DATA || *n == 0 ||
	    tls->message.header_size > 0)
		return tls_on_record(tls, type, *bytes, *n);
	tls->without_data = 0;
	return TLS_OK;
}

/* Where the output has room for all of it, it is sealed there. */
static bool
send_record(struct tls *tls, int type, const uint8_t *content, size_t n)
{
	static _Thread_local uint8_t apart[TLS_RECORD_MAX + TLS_OVERHEAD_MAX];
	size_t room, size;
	uint8_t *to = tls->output->room(tls->output_owner, &room);
	bool in_place = to != NULL && room >= n + TLS_OVERHEAD_MAX;

	size = tls_record_seal(tls, type, content, n, in_place ? to : apart);
	if (size == 0)
		return false;
	if (!in_place)
		return tls_put(tls, apart, size);
	tls->output->commit(tls->output_owner, size);
	return true;
}

/* The answer to a request asks for none itself (RFC 8446, 4.6.3). */
static bool
update_key(struct tls *tls)
{
	static const uint8_t message[] = { 24, 0, 0, 1, 0 };

	tls->owes_key = false;
	return send_record(tls, TLS_HANDSHAKE, message, sizeof message) &&
	    tls_key_update(tls, TLS_OUT);
}

/* A key that is worn out, or that the peer wants to be another. */
static bool
renew_key(struct tls *tls)
{
	return (!tls->owes_key && !tls_key_is_worn(tls)) || update_key(tls);
}

void
tls_send_alert(struct tls *tls, int level, int alert)
{
	const uint8_t bytes[] = { (uint8_t)level, (uint8_t)alert };

	if (tls->said_close_notify) /* which is the last that we say: 6.1 */
		return;
	if (level == GNUTLS_AL_FATAL)
		tls->sent_alert = (uint8_t)alert;
	if (tls->gnutls != NULL)
		(void)gnutls_alert_send(tls->gnutls->session,
		    (gnutls_alert_level_t)level,
		    (gnutls_alert_description_t)alert);
	else
		(void)send_record(tls, TLS_ALERT, bytes, sizeof bytes);
}

/* All of the input has been seen: requests to update the key have one answer,
 * however many they were. */
static enum tls_result
rest_of_input(struct tls *tls, const struct tls_input *in)
{
	if (in->ended)
		return tls_fail(tls, REASON_EOF, -1);
	if (tls->owes_key && !tls->said_close_notify && !renew_key(tls))
		return fail_without_memory(tls);
	return TLS_AGAIN;
}

static enum tls_result
read_records(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	const uint8_t *record;
	enum tls_result result = TLS_AGAIN;

	while (result == TLS_AGAIN && in->n > 0) {
		record = next_record(tls, in, &result);
		if (record != NULL)
			result = take_record(tls, record, bytes, n);
	}
	return result == TLS_AGAIN ? rest_of_input(tls, in) : result;
}

enum tls_result
tls_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	ASSERT(tls->established);
	if (tls->gnutls != NULL) {
		tls_session_release(tls);
		if (!tls_session_is_over(tls))
			return tls_session_read(tls, in, bytes, n);
	}
	return read_records(tls, in, bytes, n);
}

/* One record at most; its content's size, or an error of GnuTLS. */
static ssize_t
write_some(struct tls *tls, const uint8_t *bytes, size_t n)
{
	if (tls->gnutls != NULL)
		return tls_session_write(tls, bytes, n);
	if (n > tls->sent_max)
		n = tls->sent_max;
	if (!renew_key(tls) ||
	    !send_record(tls, TLS_APPLICATION_DATA, bytes, n))
		return GNUTLS_E_MEMORY_ERROR;
	return (ssize_t)n;
}

enum tls_result
tls_write(struct tls *tls, const uint8_t *bytes, size_t n, uint64_t *records)
{
	ASSERT(tls->established && !tls->said_close_notify);
	*records = 0;
	while (n > 0) {
		ssize_t sent = write_some(tls, bytes, n);

		if (sent <= 0)
			return tls_fail_by_error(tls, (int)sent);
		bytes += sent;
		n -= (size_t)sent;
		(*records)++;
	}
	return TLS_OK;
}

void
tls_close_notify(struct tls *tls)
{
	if (tls->said_close_notify || !tls->established)
		return;
	tls_send_alert(tls, GNUTLS_AL_WARNING, GNUTLS_A_CLOSE_NOTIFY);
	tls->said_close_notify = true;
}

bool
tls_rest(struct tls *tls)
{
	bool in = tls_key_rest(tls, TLS_IN);

	return tls_key_rest(tls, TLS_OUT) || in;
}
