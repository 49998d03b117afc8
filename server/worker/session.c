/* session: a client's lines in the log, its end; see the header. */
#include "server/worker/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/slab.h"
#include "common/conn/loop.h"
#include "common/sys/file.h"
#include "common/sys/log.h"
#include "common/tls/alert.h"
#include "common/tls/info.h"
#include "common/tls/mismatch.h"
#include "common/tls/refusal.h"
#include "common/tls/session.h"
#include "server/worker/balancer.h"

enum {
	FIRST_LINE = ADDR_TEXT + 128,
	ALL_LINES = FIRST_LINE + TLS_INFO_TEXT,
	REFUSALS_MAX = 10 /* lines in a second */
};

static struct slab sessions = SLAB_INIT(sizeof(struct session));

struct session *
session_new(int fd, struct balancer *balancer)
{
	struct session *session = slab_take(&sessions);

	ASSERT(fd >= 0 && balancer != NULL);
	if (session != NULL) {
		session->balancer = balancer;
		addr_of_peer(&session->peer, fd);
	}
	return session;
}

void
session_free(struct session *session)
{
	slab_give(&sessions, session);
}

struct session *
session_of(struct conn *conn)
{
	return CONTAINER_OF(conn, struct session, conn);
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

void
session_log_open(const struct session *session, bool interactive)
{
	char text[ALL_LINES], line[FIRST_LINE], peer[ADDR_TEXT];
	struct tls_info info;

	if (!interactive && !log_enabled(LOG_DEBUG))
		return;
	tls_info_read(&info, &session->conn.tls);
	(void)addr_format_peer(&session->peer, peer);
	(void)snprintf(line, sizeof line,
	    "Client connection %s accepted. %" PRIu64
	    " clients connected to server",
	    peer, balancer_open_everywhere(session->balancer));
	if (interactive)
		print_info(&info, line, text);
	log_debug("%s", line);
	log_debug("peer=%s %s", peer,
	    tls_info_format(&info, FACTS_LOGFMT, text, sizeof text));
}

static void
log_refusal(const struct conn *conn, const char *peer)
{
	static struct log_limit limit;
	char text[TLS_REFUSAL_TEXT];
	unsigned dropped;

	if (!log_enabled(LOG_INFO) ||
	    !log_limit_allows(&limit, REFUSALS_MAX,
		conn->loop->now_ns / CLOCK_NS_PER_S, &dropped))
		return;
	if (dropped > 0)
		log_info("%u more were refused, without a line", dropped);
	log_info("peer=%s %s", peer, tls_refusal_format(&conn->tls, text));
}

static void
log_mismatch(const struct conn *conn, const char *peer)
{
	struct tls_mismatch mismatch;

	if (log_enabled(LOG_DEBUG) && tls_mismatch_read(&mismatch, &conn->tls))
		log_debug("peer=%s failed=\"%s\" client=\"%s\" server=\"%s\"",
		    peer, close_reason_text(conn->reason), mismatch.client,
		    mismatch.server);
}

void
session_log_failure(struct conn *conn)
{
	char peer[ADDR_TEXT];

	(void)addr_format_peer(&session_of(conn)->peer, peer);
	if (close_reason_is_refusal(conn->reason))
		log_refusal(conn, peer);
	else
		log_mismatch(conn, peer);
}

static void
log_end(const struct session *session)
{
	const struct conn *conn = &session->conn;
	int alert = tls_peer_alert(&conn->tls);
	char peer[ADDR_TEXT], name[TLS_ALERT_TEXT] = "";

	if (!log_enabled(LOG_DEBUG))
		return;
	if (alert != TLS_ALERT_NONE)
		(void)tls_alert_name((uint8_t)alert, name);
	log_debug("peer=%s ended=\"%s%s%s\"",
	    addr_format_peer(&session->peer, peer),
	    close_reason_text(conn->reason), name[0] != '\0' ? ": " : "", name);
}

void
session_end(struct conn *conn)
{
	struct session *session = session_of(conn);

	ASSERT(conn->reason != REASON_NONE);
	log_end(session);
	balancer_connection_ended(session->balancer);
	session_free(session);
}
