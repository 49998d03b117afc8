/* reload: credentials, and who is judged by them; see the header. */
#include "server/worker/reload.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/creds/creds.h"
#include "common/creds/identity.h"
#include "common/stats/stats.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/control.h"
#include "server/supply.h"
#include "server/worker/conn_queue.h"
#include "server/worker/handshakes.h"

static int
use_credentials(struct handshakes *h, int fd, struct errmsg *e)
{
	struct tls_creds *creds;

	if (tls_creds_open(&creds, fd, &h->options.supply->source,
		&h->options.config->tls, e) < 0)
		return -1;
	tls_creds_unref(&h->options.creds);
	h->options.creds = creds;
	return 0;
}

/*
 * Those who are in the echo loop or on the way there, once for each identity;
 * those whose handshake is under way, in on_open.
 */
static void
judge_open_sessions(struct handshakes *h)
{
	if (h->options.config->keeps_open_sessions)
		return;
	h->judged_ns = clock_now_ns();
	(void)tls_identities_judge(h->options.creds);
	conn_queue_judge(h->options.queue);
}

/* All of it or nothing: if nothing, the master replaces this worker. */
void
reload_credentials(struct handshakes *h, const struct control *order)
{
	struct control reply = { .kind = CONTROL_RELOADED };

	if (use_credentials(h, order->fd, &reply.why) < 0) {
		reply.kind = CONTROL_REFUSED;
	} else {
		log_set_level(order->log_level);
		stats_add(h->loop.shard, STATS_WORKER_RELOADS, 1);
		judge_open_sessions(h);
	}
	if (order->fd >= 0)
		(void)close(order->fd);
	fdpass_keep_spare(&h->spare_fd);
	(void)supply_read(h->options.supply); /* there may be room for it now */
	(void)control_send(h->options.control_fd, &reply);
}
