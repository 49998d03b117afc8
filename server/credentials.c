/* credentials: load, check, seal; see the header. */
#include "server/credentials.h"

#include "common/tls_bundle.h"
#include "common/tls_creds.h"
#include "server/config.h"

static int
check(const struct tls_bundle *bundle, const struct config *config,
    struct errmsg *e)
{
	const char *file = config->files.pkcs12 != NULL ? config->files.pkcs12
							: config->files.cert;
	struct tls_creds *creds;
	int result;

	if (tls_creds_new(&creds, bundle, TLS_SERVER, config->priority, e) < 0)
		return errmsg_prepend(e, "%s", file);
	result = tls_creds_check_dates(creds, e);
	tls_creds_unref(&creds);
	return result < 0 ? errmsg_prepend(e, "%s", file) : 0;
}

static int
take_ticket_key(struct tls_bundle *bundle, int previous_fd, struct errmsg *e)
{
	struct tls_bundle previous = TLS_BUNDLE_INIT;

	if (previous_fd < 0)
		return tls_bundle_new_ticket_key(bundle, e);
	if (tls_bundle_open(&previous, previous_fd, e) < 0)
		return -1;
	bundle->ticket_key = previous.ticket_key;
	previous.ticket_key = (struct file_bytes)FILE_BYTES_INIT;
	tls_bundle_free(&previous);
	return 0;
}

int
credentials_load(const struct config *config, int previous_fd, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	int fd = -1;

	if (tls_bundle_load(&bundle, &config->files, e) == 0 &&
	    take_ticket_key(&bundle, previous_fd, e) == 0 &&
	    check(&bundle, config, e) == 0)
		fd = tls_bundle_seal(&bundle, e);
	tls_bundle_free(&bundle);
	return fd;
}
