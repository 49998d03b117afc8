/*
 * data: what an established session reads and writes; see tls/session.h. Plain
 * data goes past the session, by tls/records.h; everything else goes through
 * it, and so does data until both directions have worked (tls/path.c).
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"
#include "common/tls/session.h"

/* The record that the last tls_read has lent out. */
static void
release_packet(struct tls *tls)
{
	if (tls->packet == NULL)
		return;
	gnutls_packet_deinit(tls->packet);
	tls->packet = NULL;
}

void
tls_free_data(struct tls *tls)
{
	release_packet(tls);
	tls_records_free(&tls->records);
}

/*
 * Can a read bring anything? GnuTLS keeps no bytes back beyond the record under
 * way, so the call that would only say AGAIN, one for each echo, can be spared:
 * it allocates 16 KiB for a header that has not come.
 */
static bool
has_more(const struct tls *tls, const struct tls_input *in)
{
	return in->n > 0 || in->ended ||
	    (tls->path != TLS_PATH_FAST &&
		gnutls_record_check_pending(tls->session) > 0);
}

/* Each echo asks, so it costs a call only when the answer may change. */
static bool
is_fast(struct tls *tls)
{
	if (tls->path == TLS_PATH_SLOW_READY)
		tls_path_leave_session(tls);
	return tls->path == TLS_PATH_FAST;
}

static bool
read_record(struct tls_records *records, struct tls_input *in,
    const uint8_t **bytes, size_t *n)
{
	size_t used = tls_records_open(records, in->bytes, in->n, bytes, n);

	in->bytes += used;
	in->n -= used;
	return used > 0;
}

/* The peer has changed its key, and no record has been read under it yet. */
static bool
has_new_key(const struct tls *tls)
{
	static const uint8_t first[8];
	uint8_t number[sizeof first];

	return gnutls_record_get_state(
		   tls->session, 1, NULL, NULL, NULL, number) == 0 &&
	    memcmp(number, first, sizeof first) == 0;
}

static ssize_t
receive_packet(struct tls *tls)
{
	size_t left;
	ssize_t got;

	do {
		left = tls->in->n;
		got = gnutls_record_recv_packet(tls->session, &tls->packet);
		if (got > 0 ||
		    (tls->input_limit.record_left == 0 && has_new_key(tls)))
			tls_input_limit_justify(&tls->input_limit);
	} while (tls_goes_on(tls, got, left));
	return got;
}

static enum tls_result
result_of_packet(struct tls *tls, ssize_t got, const uint8_t **bytes, size_t *n)
{
	gnutls_datum_t content;

	if (got > 0) {
		gnutls_packet_get(tls->packet, &content, NULL);
		*bytes = content.data;
		*n = content.size;
		return TLS_OK;
	}
	if (got == GNUTLS_E_AGAIN)
		return tls_wait_for_more(tls);
	return got == 0 ? TLS_EOF : tls_fail_by_error(tls, (int)got);
}

static enum tls_result
read_by_session(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	enum tls_result result;
	ssize_t got;

	ASSERT(tls->established && tls->in == NULL);
	tls_path_use_session(tls);
	tls->in = in;
	got = receive_packet(tls);
	tls_path_session_has_read(tls, got > 0);
	result = result_of_packet(tls, got, bytes, n);
	tls->in = NULL;
	return result;
}

enum tls_result
tls_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n)
{
	release_packet(tls);
	while (has_more(tls, in)) {
		if (!is_fast(tls) || !read_record(tls->records, in, bytes, n))
			return read_by_session(tls, in, bytes, n);
		if (*n > 0)
			return TLS_OK;
	}
	return TLS_AGAIN;
}

/* Like gnutls_record_send, at most one record. */
static ssize_t
write_by_session(struct tls *tls, const uint8_t *bytes, size_t n)
{
	ssize_t sent;

	ASSERT(tls->established && tls->in == NULL);
	tls_path_use_session(tls);
	do
		sent = gnutls_record_send(tls->session, bytes, n);
	while (sent == GNUTLS_E_INTERRUPTED);
	if (sent > 0)
		tls_path_session_has_sent(tls, (size_t)sent);
	return sent;
}

/* One; into the output where that has room for it in one piece. */
static int
write_record(struct tls *tls, const uint8_t *bytes, size_t n)
{
	static _Thread_local uint8_t
	    apart[TLS_RECORD_MAX + TLS_RECORDS_OVERHEAD];
	size_t size = n + TLS_RECORDS_OVERHEAD;
	size_t room;
	uint8_t *to = tls->output->room(tls->output_owner, &room);
	bool in_place = to != NULL && room >= size;
	int error =
	    tls_records_seal(tls->records, bytes, n, in_place ? to : apart);

	if (error < 0)
		return error;
	if (in_place)
		tls->output->commit(tls->output_owner, size);
	else if (!tls_put(tls, apart, size))
		return GNUTLS_E_PUSH_ERROR;
	return (int)n;
}

/* One record at most, past the session or by it; its content's size. */
static ssize_t
write_some(struct tls *tls, const uint8_t *bytes, size_t n)
{
	int error;

	if (tls->path != TLS_PATH_FAST || n > tls->sent_max)
		return write_by_session(tls, bytes, n);
	if (!tls_records_needs_new_key(tls->records))
		return write_record(tls, bytes, n);
	tls_path_use_session(tls);
	error = gnutls_session_key_update(tls->session, 0);
	if (error < 0)
		return error;
	return write_by_session(tls, bytes, n);
}

enum tls_result
tls_write(struct tls *tls, const uint8_t *bytes, size_t n, uint64_t *records)
{
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
	tls->said_close_notify = true;
	tls_path_use_session(tls);
	(void)gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}
