/* session: a client's lines in the log, its end; see the header. */
#include "server/worker/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/slab.h"
#include "common/conn/loop.h"
#include "common/stats/table.h"
#include "common/sys/file.h"
#include "common/sys/log.h"
#include "common/tls/alert.h"
#include "common/tls/info.h"
#include "common/tls/mismatch.h"
#include "common/tls/refusal.h"
#include "common/tls/session.h"
#include "server/worker/balancer.h"
#include "server/worker/listing.h"
#include "server/worker/proxied.h"

enum {
	FIRST_LINE = ADDR_TEXT + 128,
	ALL_LINES = FIRST_LINE + TLS_INFO_TEXT,
	REFUSALS_MAX = 10 /* lines in a second */
};

static struct slab sessions = SLAB_INIT(sizeof(struct session));

struct session *
session_new(int fd, struct balancer *balancer, struct stats_table *table)
{
	struct session *session = slab_take(&sessions);

	ASSERT(fd >= 0 && balancer != NULL && table != NULL);
	if (session != NULL) {
		session->balancer = balancer;
		session->table = table;
		session->proxied = NULL;
		session->limits = NULL;
		session->pass = (struct limits_pass){ 0 };
		handshake_place_init(&session->place);
		session->listed = false;
		session->id = stats_table_next_id(table);
		addr_of_peer(&session->peer, fd);
	}
	return session;
}

void
session_free(struct session *session)
{
	if (session != NULL)
		proxied_free(&session->proxied);
	slab_give(&sessions, session);
}

static void
log_limit(
    const struct session *session, enum close_reason reason, int64_t now_ns)
{
	static struct log_limit limit;
	char peer[SESSION_PEER_TEXT], word[CLOSE_REASON_WORD];
	unsigned dropped;

	if (log_enabled(LOG_INFO) &&
	    log_limit_allows(&limit, 1, now_ns, &dropped))
		log_connection(LOG_INFO, session->id, "peer=%s refused=%s",
		    session_format_peer(session, peer),
		    close_reason_word(reason, word));
}

enum close_reason
session_admit(
    struct session *session, const union addr_peer *client, int64_t now_ns)
{
	enum close_reason reason = limits_admit(session->limits,
	    session->balancer->self, client, now_ns, &session->pass);

	if (reason != REASON_NONE)
		log_limit(session, reason, now_ns);
	return reason;
}

struct session *
session_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct session, conn);
}

const char *
session_format_peer(
    const struct session *session, char text[static SESSION_PEER_TEXT])
{
	char peer[ADDR_TEXT], proxy[ADDR_TEXT];

	(void)addr_format_peer(&session->peer, peer);
	if (session->proxied == NULL)
		(void)snprintf(text, SESSION_PEER_TEXT, "%s", peer);
	else
		(void)snprintf(text, SESSION_PEER_TEXT, "%s proxy=%s", peer,
		    addr_format_peer(&session->proxied->proxy, proxy));
	return text;
}

/* In one write, so that the lines of two workers do not mix. */
static void
print_info(const struct tls_info *info, const char *first_line,
    char text[static ALL_LINES])
{
	int n = snprintf(text, ALL_LINES, "%s\n", first_line);

	(void)tls_info_format(
	    info, FACTS_LINES, text + n, ALL_LINES - (size_t)n);
	(void)file_write_all(STDOUT_FILENO, text, strlen(text));
}

static void
log_facts(const struct session *session, bool interactive)
{
	char text[ALL_LINES], line[FIRST_LINE], peer[SESSION_PEER_TEXT];
	char client[ADDR_TEXT];
	struct tls_info info;

	if (!interactive && !log_enabled(LOG_DEBUG))
		return;
	tls_info_read(&info, &session->conn.tls);
	(void)snprintf(line, sizeof line,
	    "Client connection %s accepted. %" PRIu64
	    " clients connected to server",
	    addr_format_peer(&session->peer, client),
	    balancer_open_everywhere(session->balancer));
	if (interactive)
		print_info(&info, line, text);
	log_connection(LOG_DEBUG, session->id, "%s", line);
	log_connection(LOG_DEBUG, session->id, "peer=%s %s",
	    session_format_peer(session, peer),
	    tls_info_format(&info, FACTS_LOGFMT, text, sizeof text));
}

void
session_open(struct session *session, bool interactive)
{
	listing_open(session);
	log_facts(session, interactive);
}

static void
log_refusal(struct conn *conn, const char *peer)
{
	static struct log_limit limit;
	char text[TLS_REFUSAL_TEXT];
	unsigned dropped;

	if (!log_enabled(LOG_INFO) ||
	    !log_limit_allows(
		&limit, REFUSALS_MAX, conn->loop->now_ns, &dropped))
		return;
	if (dropped > 0)
		log_info("%u more were refused, without a line", dropped);
	log_connection(LOG_INFO, session_of(conn)->id, "peer=%s %s", peer,
	    tls_refusal_format(&conn->tls, text));
}

static void
log_mismatch(struct conn *conn, const char *peer)
{
	struct tls_mismatch mismatch;

	if (log_enabled(LOG_DEBUG) && tls_mismatch_read(&mismatch, &conn->tls))
		log_connection(LOG_DEBUG, session_of(conn)->id,
		    "peer=%s failed=\"%s\" client=\"%s\" server=\"%s\"", peer,
		    close_reason_text(conn->reason), mismatch.client,
		    mismatch.server);
}

/* For each client of a server that stands still, it would be too much. */
static void
log_unsigned(struct conn *conn, const char *peer)
{
	static int64_t quiet_until_ns;

	if (log_is_due(&quiet_until_ns, conn->loop->now_ns))
		log_connection(LOG_WARN, session_of(conn)->id,
		    "peer=%s failed=\"%s\"", peer,
		    close_reason_text(conn->reason));
}

static void
log_failure(struct conn *conn)
{
	char peer[SESSION_PEER_TEXT];

	(void)session_format_peer(session_of(conn), peer);
	if (close_reason_is_refusal(conn->reason))
		log_refusal(conn, peer);
	else if (conn->reason == REASON_SIGNER)
		log_unsigned(conn, peer);
	else
		log_mismatch(conn, peer);
}

void
session_fail(struct conn *conn)
{
	log_failure(conn);
	listing_fail(session_of(conn));
}

static void
log_end(const struct session *session)
{
	const struct conn *conn = &session->conn;
	int alert = tls_peer_alert(&conn->tls);
	char peer[SESSION_PEER_TEXT], name[TLS_ALERT_TEXT] = "";

	if (!log_enabled(LOG_DEBUG))
		return;
	if (alert != TLS_ALERT_NONE)
		(void)tls_alert_name((uint8_t)alert, name);
	log_connection(LOG_DEBUG, session->id, "peer=%s ended=\"%s%s%s\"",
	    session_format_peer(session, peer), close_reason_text(conn->reason),
	    name[0] != '\0' ? ": " : "", name);
}

void
session_end(struct conn *conn)
{
	struct session *session = session_of(conn);

	ASSERT(conn->reason != REASON_NONE);
	log_end(session);
	listing_end(session);
	limits_release(
	    session->limits, session->balancer->self, &session->pass);
	balancer_connection_ended(session->balancer);
	session_free(session);
}
