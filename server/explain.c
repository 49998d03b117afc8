/* explain: prints the policy, line by line; see the header. */
#include "server/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/base/lines.h"
#include "common/base/units.h"
#include "common/base/utc.h"
#include "common/creds/bundle.h"
#include "common/creds/creds.h"
#include "common/creds/keylog_file.h"
#include "common/creds/priority.h"
#include "common/creds/review.h"
#include "common/creds/ticket_keys.h"
#include "common/stats/row.h"
#include "common/sys/keypress.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/config_limits.h"
#include "server/listeners.h"
#include "server/master/credentials.h"
#include "server/master/expiry.h"
#include "server/master/memory.h"
#include "server/master/pressure.h"
#include "server/sandbox/sandbox.h"

static void
print_rate(const char *whose, const struct config_rate *rate)
{
	char text[CONFIG_RATE_TEXT];

	if (rate->interval_ns > 0)
		printf("handshakes of %s: %s\n", whose,
		    config_format_rate(rate, text));
}

static void
print_limits(const struct config *config)
{
	const struct config_network *n = &config->network;
	char text[UNITS_TEXT];

	if (config->max_per_address > 0)
		printf("connections of an address: at most %" PRIu64 "\n",
		    config->max_per_address);
	if (n->max > 0)
		printf("connections of a network, /%u of IPv4, /%u of IPv6: at "
		       "most %" PRIu64 "\n",
		    n->v4, n->v6, n->max);
	if (config->max_memory > 0)
		printf("memory of all processes: at most %s\n",
		    units_format_bytes(config->max_memory, text));
	print_rate("all clients", &config->handshake_rate);
	print_rate("an address", &config->address_rate);
}

static void
print_pressure(const struct config *config)
{
	struct pressure pressure;
	char text[PRESSURE_TEXT];

	pressure_open(&pressure, config);
	printf("memory pressure: %s\n", pressure_describe(&pressure, text));
	pressure_close(&pressure);
}

static void
print_workers(const struct config *config)
{
	const struct cpus *cpus = &config->cpus;

	printf("workers: %u, on ", config->workers);
	if (cpus->count == 0)
		printf("any CPU");
	for (unsigned i = 0; i < config->workers && cpus->count > 0; i++)
		printf("%s%u", i == 0 ? "CPU " : ", ", cpus_nth(cpus, i));
	printf("\n");
	if (config->proxy_protocol)
		printf("PROXY header: required, version 1 or 2; who can "
		       "connect can forge one\n");
	print_limits(config);
	print_pressure(config);
	if (config->max_handshaking > 0)
		printf("handshakes under way: at most %" PRIu64
		       " in each worker, others wait\n",
		    config->max_handshaking);
}

static void
print_sandbox(const struct config *config)
{
	struct sandbox_layers layers;
	char text[SANDBOX_TEXT];

	sandbox_probe(&layers);
	printf("user of workers: %s\n",
	    config->user.text != NULL ? config->user.text : "the server's own");
	printf("private keys: in %s\n",
	    config->keys_in_workers ? "the workers" : "a process that signs");
	printf("sandbox of workers: %s\n",
	    config->sandbox ? sandbox_describe(&layers, text) : "off");
}

static void
print_table(const struct config *config)
{
	unsigned rows = config->worker_rows * config->workers;
	char size[UNITS_TEXT];

	if (rows == 0) {
		printf("connection table: off\n");
		return;
	}
	printf("connection table: %u connections, %u of each worker, %s, mode "
	       "%04o\n",
	    rows, config->worker_rows,
	    units_format_bytes(rows * sizeof(struct stats_row), size),
	    config->stats_mode & 0666);
}

static void
print_line(void *owner, const char *text)
{
	(void)owner;
	printf("%s\n", text);
}

static int
print_priority(const struct config *config, struct errmsg *e)
{
	char text[TLS_PRIORITY_TEXT];

	if (tls_priority_describe(config->tls.priority, text, e) < 0)
		return -1;
	printf("priority: %s\n%s", config->tls.priority, text);
	return 0;
}

static void
print_clients(const struct config *config)
{
	static const char *const words[] = {
		[TLS_CLIENT_AUTH_REQUIRED] = "required",
		[TLS_CLIENT_AUTH_OPTIONAL] = "optional",
		[TLS_CLIENT_AUTH_NONE] = "none",
	};

	printf("client certificates: %s", words[config->tls.client_auth]);
	if (config->tls.client_auth != TLS_CLIENT_AUTH_NONE)
		printf(", for %s",
		    config->tls.any_purpose ? "any purpose" : "clients");
	printf("\n");
}

static void
print_lists(const struct config *config, const struct credentials *c)
{
	char date[UTC_TEXT];

	printf("revocation lists: ");
	if (c->dates.crl_next_update_s == 0) {
		printf("none\n");
		return;
	}
	printf("%" PRIu64 " revoked, next update due %s by %s; %s\n",
	    c->crl_entries, utc_format(c->dates.crl_next_update_s, date),
	    c->dates.crl_next_issuer,
	    config->tls.crl_required ? "a current one is required"
				     : "without a current one clients come in");
}

static void
print_rules(const struct tls_bundle *bundle)
{
	struct lines lines =
	    lines_of((const char *)bundle->rules.data, bundle->rules.size);

	if (bundle->rules.size == 0)
		printf("rules: none, every client with a valid certificate "
		       "comes in\n");
	while (bundle->rules.size > 0 && lines_next(&lines))
		printf("rule: %.*s\n", (int)lines.size, lines.line);
}

static void
print_sessions(const struct config *config, const struct tls_bundle *bundle)
{
	printf("session tickets: %u after a handshake", config->tls.tickets);
	if (config->policy.ticket_key_file != NULL)
		printf(", by %zu keys of %s",
		    bundle->ticket_keys.size / TLS_TICKET_KEY_SIZE,
		    config->policy.ticket_key_file);
	printf("\nkey log: %s\n",
	    config->policy.keylog != NULL ? config->policy.keylog : "none");
	printf("open sessions after a reload: %s\n",
	    config->keeps_open_sessions ? "kept" : "judged");
	for (int i = 0; i < TLS_ALPN_MAX && config->tls.alpn[i] != NULL; i++)
		printf("application protocol: %s\n", config->tls.alpn[i]);
	printf("chain cache: %" PRIu64 " chain%s a worker\n",
	    config->tls.chain_cache, units_plural(config->tls.chain_cache));
}

/* As a worker will see it; a second time, since a start keeps nothing. */
static int
print_credentials(const struct config *config,
    const struct credentials *credentials, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds = NULL;

	if (tls_bundle_open(&bundle, credentials->fd, e) < 0)
		return -1;
	if (tls_creds_open(&creds, credentials->fd, NULL, &config->tls, e) <
	    0) {
		tls_bundle_free(&bundle);
		return -1;
	}
	tls_review(creds, TLS_REVIEW_FACTS, print_line, NULL);
	print_clients(config);
	print_lists(config, credentials);
	print_rules(&bundle);
	print_sessions(config, &bundle);
	tls_creds_unref(&creds);
	tls_bundle_free(&bundle);
	return 0;
}

/* What a start opens besides the files of credentials, but not opened. */
static int
check_start(const struct config *config, struct errmsg *e)
{
	const char *keylog = config->policy.keylog;

	if (keylog != NULL && keylog_check(keylog, e) < 0)
		return -1;
	if (config->interactive && keypress_check(STDIN_FILENO, e) < 0)
		return errmsg_prepend(e, "--interactive");
	return listeners_check(config, e);
}

int
explain(const struct config *config, struct errmsg *e)
{
	struct credentials credentials;
	struct expiry expiry;
	int result;

	if (credentials_load(&credentials, config, -1, e) < 0)
		return -1;
	result = check_start(config, e);
	if (result == 0)
		result = print_priority(config, e);
	if (result == 0)
		result = print_credentials(config, &credentials, e);
	if (result == 0) {
		print_workers(config);
		print_sandbox(config);
		print_table(config);
		config_warn(config);
		memory_warn_if_idle_exceeds(
		    config, memory_estimate_idle(config));
		expiry = (struct expiry){ .dates = credentials.dates };
		expiry_check(&expiry, time(NULL));
		printf("configuration ok\n");
	}
	credentials_close(&credentials);
	return result;
}
