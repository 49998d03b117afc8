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
	 * says it is, and keeps something of each, even of an empty one. So
	 * there is a limit to what a handshake reads, and again to what comes
	 * between two records with data: in bytes, where a record, which is
	 * pulled as its header and its body, counts for 1 KiB more, however
	 * many pieces it comes in.
	 */
	PULL_COST = 512,
	COST_MAX = 256 * 1024,
};

bool
tls_has_pulled_too_much(const struct tls *tls)
{
	return tls->gnutls->pulled > COST_MAX;
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
	tls->gnutls->pulled += (uint32_t)n + (n == size ? PULL_COST : 0);
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
