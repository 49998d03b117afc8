/* credentials: load, seal, check; see the header. */
#include "server/master/credentials.h"

#include <stdio.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/creds/creds.h"
#include "common/creds/review.h"
#include "common/creds/signer.h"
#include "common/sys/child.h"
#include "common/sys/fd.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "common/tls/rehearsal.h"
#include "server/config.h"
#include "server/master/policy.h"

/* The master does nothing else meanwhile; files and tokens may be far away. */
static const int64_t load_ns = 10 * CLOCK_NS_PER_S;

static const char *
identity_file(const struct config *config, unsigned i)
{
	const struct tls_files *files = &config->files;

	return files->pkcs12 != NULL ? files->pkcs12 : files->cert[i];
}

static void
note_facts(struct credentials *out, const struct config *config,
    const struct tls_creds *creds)
{
	struct credentials_dates *dates = &out->dates;
	const struct tls_crl *crl = tls_creds_crl(creds);

	out->key_pair_count = 0;
	for (unsigned i = 0; i < TLS_KEY_PAIRS_MAX; i++) {
		dates->files[i] = identity_file(config, i);
		dates->not_after_s[i] = tls_creds_not_after(creds, i);
		out->key_pair_count += dates->not_after_s[i] != 0;
	}
	dates->crl_this_update_s = crl != NULL ? tls_crl_this_update(crl) : 0;
	dates->crl_next_update_s = crl != NULL ? tls_crl_next_update(crl) : 0;
	(void)snprintf(dates->crl_next_issuer, sizeof dates->crl_next_issuer,
	    "%s", crl != NULL ? tls_crl_next_issuer(crl) : "");
	out->crl_entries = crl != NULL ? tls_crl_entries(crl) : 0;
}

static void
warn(void *owner, const char *text)
{
	(void)owner;
	log_warn("%s", text);
}

/* The master's own connection. */
struct asking {
	const struct signer *signer;
	bool has_failed;
	struct errmsg why;
};

/* For struct tls_signer_source. */
static int
connect_to(void *asking, uint64_t keys_id, int64_t by_ns)
{
	struct asking *a = asking;
	int fd = signer_connect(a->signer, &a->why);

	(void)keys_id;
	(void)by_ns;
	a->has_failed |= fd < 0;
	return fd;
}

/*
 * Does what a worker will do with the descriptor. What is odd, such as a
 * certificate that has expired, may be what clients are to be tested with.
 */
static int
check_as_worker(
    struct credentials *out, const struct config *config, struct errmsg *e)
{
	struct asking asking = { .signer = &out->signer };
	const struct tls_signer_source source = { connect_to, &asking };
	struct tls_settings settings = config->tls;
	struct tls_creds *creds = NULL;
	int result;

	settings.keylog_fd = -1; /* not the rehearsal's secrets */
	result = tls_creds_open(&creds, out->fd, &source, &settings, e);
	if (result == 0)
		result = tls_rehearse(creds, e);
	if (result < 0 && asking.has_failed)
		*e = asking.why;
	if (result > 0)
		log_warn("%s", e->text);
	if (result >= 0) {
		note_facts(out, config, creds);
		tls_review(creds, TLS_REVIEW_WARNINGS, warn, NULL);
	}
	tls_creds_unref(&creds);
	return result < 0 ? -1 : 0;
}

/* What the child gets, and what it says. */
struct loading {
	const struct config *config;
	int previous_fd, tx_fd;
	uint64_t keys_id; /* 0: keys go to the workers */
	pid_t master;
};

struct loaded {
	bool is_good;
	struct errmsg why;
	struct credentials facts; /* if workers get the keys */
};

static int
seal(struct loading *l, int *keys_fd, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT, keys = TLS_BUNDLE_INIT;
	int fd = -1;

	if (policy_load(&bundle, l->config, l->previous_fd, e) == 0 &&
	    (l->keys_id == 0 ||
		tls_bundle_split(&bundle, &keys, l->keys_id, e) == 0))
		fd = tls_bundle_seal(&bundle, e);
	*keys_fd = fd >= 0 && l->keys_id != 0 ? tls_bundle_seal(&keys, e) : -1;
	tls_bundle_free(&bundle);
	tls_bundle_free(&keys);
	return l->keys_id == 0 || *keys_fd >= 0 ? fd : -1;
}

/* In the child, which keeps what it has read to itself. */
static int
load(void *loading)
{
	struct loading *l = loading;
	static struct loaded loaded; /* large, and zeroed */
	int keys_fd;

	child_die_with(l->master);
	loaded.facts.fd = seal(l, &keys_fd, &loaded.why);
	loaded.is_good = loaded.facts.fd >= 0 &&
	    (l->keys_id != 0 ||
		check_as_worker(&loaded.facts, l->config, &loaded.why) == 0);
	if (fdpass_send(l->tx_fd, &loaded, sizeof loaded,
		loaded.is_good ? loaded.facts.fd : -1) == 0 &&
	    loaded.is_good && l->keys_id != 0)
		(void)fdpass_send(l->tx_fd, "k", 1, keys_fd);
	return 0;
}

/* The next message, of exactly n bytes, and its descriptor; false: none. */
static bool
receive(int rx_fd, void *bytes, size_t n, int *fd, int64_t by_ns)
{
	*fd = -1;
	return fd_wait_readable(rx_fd, by_ns) &&
	    fdpass_receive(rx_fd, bytes, n, fd) == (ssize_t)n;
}

static int
take(struct credentials *out, const struct loading *l, int rx_fd, int64_t by_ns,
    struct errmsg *e)
{
	static struct loaded loaded;
	char byte;
	int fd;

	if (!receive(rx_fd, &loaded, sizeof loaded, &fd, by_ns))
		return errmsg_set(e,
		    "the process that reads certificates and keys %s",
		    clock_now_ns() >= by_ns ? "was not ready in 10 s" : "died");
	if (!loaded.is_good) {
		*e = loaded.why;
		return -1;
	}
	*out = loaded.facts;
	out->fd = fd;
	out->signer = (struct signer)SIGNER_INIT;
	if (l->keys_id != 0)
		(void)receive(rx_fd, &byte, 1, &out->signer.keys_fd, by_ns);
	if (fd >= 0 && (l->keys_id == 0 || out->signer.keys_fd >= 0))
		return 0;
	return errmsg_set(e, "no descriptor left for certificates and keys");
}

static int
load_in_child(struct credentials *out, struct loading *l, struct errmsg *e)
{
	int64_t by_ns = clock_now_ns() + load_ns;
	int rx_fd, result;
	pid_t pid;

	if (fd_open_pair(&rx_fd, &l->tx_fd, e) < 0)
		return errmsg_prepend(e, "certificates and keys");
	pid = child_fork(load, l);
	(void)close(l->tx_fd);
	result = pid < 0 ? errmsg_set_errno(e, (int)-pid, "fork")
			 : take(out, l, rx_fd, by_ns, e);
	(void)close(rx_fd);
	if (pid > 0) { /* it has said all, or will not */
		child_kill(pid);
		(void)child_wait_for(pid);
	}
	return result;
}

static int
start_signer(
    struct credentials *out, const struct config *config, struct errmsg *e)
{
	if (signer_start(&out->signer, config, e) < 0 ||
	    signer_await_ready(&out->signer, e) < 0)
		return -1;
	return check_as_worker(out, config, e);
}

int
credentials_load(struct credentials *out, const struct config *config,
    int previous_fd, struct errmsg *e)
{
	struct loading loading = { .config = config,
		.previous_fd = previous_fd,
		.keys_id =
		    config->keys_in_workers ? 0 : (uint64_t)clock_now_ns(),
		.master = getpid() };
	int result;

	ASSERT(config->tls.role == TLS_SERVER && previous_fd >= -1);
	*out = (struct credentials)CREDENTIALS_INIT;
	result = load_in_child(out, &loading, e);
	out->signer.keys_id = loading.keys_id;
	if (result == 0 && loading.keys_id != 0)
		result = start_signer(out, config, e);
	if (result < 0)
		credentials_close(out);
	return result;
}

void
credentials_close(struct credentials *credentials)
{
	if (credentials->fd >= 0)
		(void)close(credentials->fd);
	credentials->fd = -1;
	signer_end(&credentials->signer);
}
