/* listing: rows and offenders of sessions; see the header. */
#include "server/worker/listing.h"

#include "common/base/clock.h"
#include "common/base/printable.h"
#include "common/conn/loop.h"
#include "common/stats/entry.h"
#include "common/stats/table.h"
#include "common/tls/alert.h"
#include "common/tls/info.h"
#include "common/tls/params.h"
#include "common/tls/session.h"
#include "server/worker/session.h"

void
listing_begin(struct session *session)
{
	struct conn *conn = &session->conn;
	struct stats_row image = { .state = STATS_ROW_HANDSHAKE,
		.id = session->id,
		.opened_ns = conn->started_ns };

	if (session->table->count == 0)
		return;
	addr_peer_bytes(&session->peer, image.address, &image.port);
	conn->row = stats_table_take(session->table, &image);
	if (conn->row == NULL)
		stats_add(conn->loop->shard, STATS_CONNECTIONS_UNLISTED, 1);
}

void
listing_name_peer(struct session *session)
{
	struct stats_row *row = session->conn.row;
	struct stats_row image;

	if (row == NULL || !stats_entry_copy(row, &image))
		return;
	addr_peer_bytes(&session->peer, image.address, &image.port);
	stats_entry_write(row, &image);
}

void
listing_open(struct session *session)
{
	const struct conn *conn = &session->conn;
	struct tls_code_points agreed;
	struct stats_row image;
	char name[TLS_NAME_TEXT];

	session->listed = true;
	if (conn->row == NULL || !stats_entry_copy(conn->row, &image))
		return;
	agreed = tls_params_code_points(&conn->tls);
	image.state = STATS_ROW_OPEN;
	image.version = agreed.version;
	image.suite = agreed.suite;
	image.group = agreed.group;
	if (tls_is_resumed(&conn->tls))
		image.flags |= STATS_ROW_RESUMED;
	if (!printable_copy(
		image.name, sizeof image.name, tls_info_name(&conn->tls, name)))
		image.flags |= STATS_ROW_NAME_CUT;
	stats_entry_write(conn->row, &image);
}

static void
put_alert(struct stats_offender *offender, const struct tls *tls)
{
	int received = tls_peer_alert(tls), sent = tls_sent_alert(tls);

	if (received != TLS_ALERT_NONE) {
		offender->has_alert = STATS_ALERT_RECEIVED;
		offender->alert = (uint8_t)received;
	} else if (sent != TLS_ALERT_NONE) {
		offender->has_alert = STATS_ALERT_SENT;
		offender->alert = (uint8_t)sent;
	}
}

static void
add_offender(struct session *session, const char *name)
{
	const struct conn *conn = &session->conn;
	struct stats_offender offender = { .reason = (uint16_t)conn->reason,
		.wall_ns = clock_wall_ns() };

	addr_peer_bytes(&session->peer, offender.address, &offender.port);
	put_alert(&offender, &conn->tls);
	(void)close_reason_word(conn->reason, offender.cause);
	(void)printable_copy(offender.name, sizeof offender.name, name);
	stats_table_add_offender(session->table, &offender);
}

void
listing_fail(struct session *session)
{
	char name[TLS_NAME_TEXT];

	if (session->conn.state == CONN_HANDSHAKE &&
	    close_reason_is_failure(session->conn.reason) &&
	    session->table->ring_size > 0)
		add_offender(session, tls_info_name(&session->conn.tls, name));
	session->listed = true;
}

void
listing_end(struct session *session)
{
	if (!session->listed && close_reason_is_failure(session->conn.reason))
		add_offender(session, "");
	stats_table_give(session->table, session->conn.row);
}
