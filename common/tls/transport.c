/*
 * transport: where a session reads and writes: memory. GnuTLS pulls from the
 * input of the call under way, and pushes to where the output says.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

enum {
	/*
	 * GnuTLS gathers the pieces of a handshake message, however large it
	 * says it is. So there is a limit to what a handshake reads, and again
	 * to what comes between two records with data: in bytes, with those
	 * around a record's content, so that small records, which are the
	 * peer's own choice, are limited, too. An empty one, of which GnuTLS
	 * may keep 16 KiB, counts for 4 KiB.
	 */
	PULLED_MAX = 256 * 1024,
	EMPTY_COST = 4 * 1024,
	HEADER_SIZE = 5,
};

bool
tls_has_pulled_too_much(const struct tls *tls)
{
	return tls->gnutls->pulled > PULLED_MAX;
}

/* The size is what the last two bytes of a header say. */
static void
count_header(struct tls_gnutls *g, uint8_t byte)
{
	g->record_left = (uint16_t)((unsigned)g->record_left << 8 | byte);
	g->header_have++;
	if (g->header_have == HEADER_SIZE && g->record_left == 0)
		g->pulled += EMPTY_COST;
}

/* Follows the records that GnuTLS reads, in whatever pieces. */
static void
count_pulled(struct tls_gnutls *g, const uint8_t *bytes, size_t n)
{
	g->pulled += (uint32_t)n;
	while (n > 0) {
		size_t taken = 1;

		if (g->header_have < HEADER_SIZE) {
			count_header(g, *bytes);
		} else {
			taken = n < g->record_left ? n : g->record_left;
			g->record_left = (uint16_t)(g->record_left - taken);
		}
		bytes += taken;
		n -= taken;
		if (g->header_have == HEADER_SIZE && g->record_left == 0)
			g->header_have = 0;
	}
}

static ssize_t
pull(gnutls_transport_ptr_t owner, void *to, size_t size)
{
	struct tls *tls = owner;
	struct tls_input *in = tls->gnutls->in;
	size_t n;

	ASSERT(in != NULL); /* only tls_handshake and tls_read have it read */
	n = size < in->n ? size : in->n;
	if (n == 0 || tls_has_pulled_too_much(tls)) {
		if (n == 0 && in->ended)
			return 0;
		gnutls_transport_set_errno(tls->gnutls->session, EAGAIN);
		return -1;
	}
	memcpy(to, in->bytes, n);
	count_pulled(tls->gnutls, in->bytes, n);
	in->bytes += n;
	in->n -= n;
	return (ssize_t)n;
}

static int
pull_timeout(gnutls_transport_ptr_t owner, unsigned ms)
{
	const struct tls *tls = owner;
	const struct tls_input *in = tls->gnutls->in;

	(void)ms; /* bytes are there or not: waiting would not bring any */
	ASSERT(in != NULL);
	return in->n > 0 || in->ended ? 1 : 0;
}

bool
tls_put(struct tls *tls, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		size_t room;
		uint8_t *to = tls->output->room(tls->output_owner, &room);

		if (to == NULL)
			return false;
		if (room > n)
			room = n;
		memcpy(to, bytes, room);
		tls->output->commit(tls->output_owner, room);
		bytes += room;
		n -= room;
	}
	return true;
}

static ssize_t
vec_push(gnutls_transport_ptr_t owner, const giovec_t *iov, int count)
{
	struct tls *tls = owner;
	size_t sum = 0;

	for (int i = 0; i < count; i++) {
		if (!tls_put(tls, iov[i].iov_base, iov[i].iov_len)) {
			gnutls_transport_set_errno(
			    tls->gnutls->session, ENOMEM);
			return -1;
		}
		sum += iov[i].iov_len;
	}
	return (ssize_t)sum;
}

void
tls_set_up_transport(struct tls *tls)
{
	gnutls_session_t session = tls->gnutls->session;

	gnutls_transport_set_ptr(session, tls);
	gnutls_transport_set_pull_function(session, pull);
	gnutls_transport_set_pull_timeout_function(session, pull_timeout);
	gnutls_transport_set_vec_push_function(session, vec_push);
}
