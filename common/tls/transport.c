/*
 * transport: where a session reads and writes: memory; see tls/session.h.
 * GnuTLS pulls from the bytes just fed, and pushes to where the output says.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"

static ssize_t
pull(gnutls_transport_ptr_t owner, void *to, size_t size)
{
	struct tls *tls = owner;
	size_t n = size < tls->in_left ? size : tls->in_left;

	if (n == 0 || tls_input_limit_is_exceeded(&tls->input_limit)) {
		if (n == 0 && tls->in_ended)
			return 0;
		gnutls_transport_set_errno(tls->session, EAGAIN);
		return -1;
	}
	memcpy(to, tls->in, n);
	tls_input_limit_add(&tls->input_limit, tls->in, n);
	tls->in += n;
	tls->in_left -= n;
	return (ssize_t)n;
}

static int
pull_timeout(gnutls_transport_ptr_t owner, unsigned ms)
{
	const struct tls *tls = owner;

	(void)ms; /* bytes are there or not: waiting would not bring any */
	return tls->in_left > 0 || tls->in_ended ? 1 : 0;
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
			gnutls_transport_set_errno(tls->session, ENOMEM);
			return -1;
		}
		sum += iov[i].iov_len;
	}
	return (ssize_t)sum;
}

void
tls_set_up_transport(struct tls *tls)
{
	gnutls_transport_set_ptr(tls->session, tls);
	gnutls_transport_set_pull_function(tls->session, pull);
	gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
	gnutls_transport_set_vec_push_function(tls->session, vec_push);
}

void
tls_feed(struct tls *tls, const uint8_t *bytes, size_t n)
{
	tls->in = bytes;
	tls->in_left = n;
}

void
tls_feed_end(struct tls *tls)
{
	tls->in_left = 0;
	tls->in_ended = true;
}

const uint8_t *
tls_unread(const struct tls *tls, size_t *n)
{
	*n = tls->in_left;
	return tls->in;
}
