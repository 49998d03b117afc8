/* keylog: writes lines, one at a time; see the header. */
#include "common/tls/keylog.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "common/base/hex.h"
#include "common/sys/file.h"
#include "common/sys/log.h"
#include "common/tls/private.h"

enum {
	LABEL_MAX = 64,
	RANDOM_MAX = 32,
	SECRET_MAX = 64,
	LINE = LABEL_MAX + 1 + 2 * RANDOM_MAX + 1 + 2 * SECRET_MAX + 2,
};

/* One line in one write, so that those of two workers do not mix. */
void
tls_log_secret(
    const struct tls_gnutls *g, const char *label, const gnutls_datum_t *secret)
{
	static atomic_flag warned = ATOMIC_FLAG_INIT;
	gnutls_datum_t client_random, server_random;
	int error, fd = g->creds->settings.keylog_fd;
	char line[LINE], *end = line;

	if (fd < 0)
		return;
	gnutls_session_get_random(g->session, &client_random, &server_random);
	if (strlen(label) > LABEL_MAX || client_random.size > RANDOM_MAX ||
	    secret->size > SECRET_MAX)
		return;
	end += sprintf(end, "%s ", label);
	end = hex_put(end, client_random.data, client_random.size, HEX_LOWER);
	*end++ = ' ';
	end = hex_put(end, secret->data, secret->size, HEX_LOWER);
	*end++ = '\n';
	error = file_write_all(fd, line, (size_t)(end - line));
	if (error < 0 && !atomic_flag_test_and_set(&warned))
		log_warn("--keylog: secrets are missing in it: %s",
		    strerror(-error));
	explicit_bzero(line, sizeof line);
}

/* GnuTLS tells the secret of a session of TLS 1.2 only when it is new. */
void
tls_log_resumed(const struct tls *tls)
{
	gnutls_datum_t secret;

	if (tls->is_tls13 || !tls->agreed.resumed)
		return;
	gnutls_session_get_master_secret(tls->gnutls->session, &secret);
	tls_log_secret(tls->gnutls, "CLIENT_RANDOM", &secret);
}
