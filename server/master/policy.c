/* policy: the files of a bundle, one kind after the other; see the header. */
#include "server/master/policy.h"

#include "common/creds/bundle.h"
#include "common/creds/files.h"
#include "common/creds/ticket_keys.h"
#include "common/x509/allow.h"
#include "common/x509/crl.h"
#include "server/config.h"

static int
count_files(const char *const list[static CONFIG_FILES_MAX])
{
	int n = 0;

	while (n < CONFIG_FILES_MAX && list[n] != NULL)
		n++;
	return n;
}

static int
load_crls(
    struct tls_bundle *bundle, const struct config *config, struct errmsg *e)
{
	int count = count_files(config->policy.crl);

	if (count == 0)
		return 0;
	if (tls_crl_build(
		&bundle->crl, config->policy.crl, count, &bundle->ca, e) < 0)
		return errmsg_prepend(e, "--crl");
	return 0;
}

static int
append_text(
    struct file_bytes *to, const struct file_bytes *more, struct errmsg *e)
{
	/* The last line of a file may lack its line feed. */
	if (file_bytes_append(to, more->data, more->size) < 0 ||
	    file_bytes_append(to, "\n", 1) < 0)
		return errmsg_set(e, "rules: out of memory");
	return 0;
}

/* Each file on its own first, so that an error has its name and line. */
static int
append_rules_file(struct tls_bundle *bundle, const char *path, struct errmsg *e)
{
	struct file_bytes text = FILE_BYTES_INIT;
	struct tls_allow *rules = NULL;
	int result = file_read(&text, path, FILE_MAX, e);

	if (result == 0)
		result = tls_allow_parse(
		    &rules, (const char *)text.data, text.size, path, e);
	if (result == 0 && tls_allow_count(rules) == 0)
		result = errmsg_set(e, "%s: no rule in it", path);
	if (result == 0)
		result = append_text(&bundle->rules, &text, e);
	tls_allow_free(&rules);
	file_bytes_free(&text);
	return result;
}

static int
load_rules(
    struct tls_bundle *bundle, const struct config *config, struct errmsg *e)
{
	int count = count_files(config->policy.allow_file);

	if (config->policy.rules.size > 0 &&
	    append_text(&bundle->rules, &config->policy.rules, e) < 0)
		return -1;
	for (int i = 0; i < count; i++) {
		const char *path = config->policy.allow_file[i];

		if (append_rules_file(bundle, path, e) < 0)
			return errmsg_prepend(e, "--allow-file");
	}
	return 0;
}

static int
take_ticket_keys(struct tls_bundle *bundle, int previous_fd, struct errmsg *e)
{
	struct tls_bundle previous = TLS_BUNDLE_INIT;

	if (tls_bundle_open(&previous, previous_fd, e) < 0)
		return -1;
	bundle->ticket_keys = previous.ticket_keys;
	previous.ticket_keys = (struct file_bytes)FILE_BYTES_INIT;
	tls_bundle_free(&previous);
	return bundle->ticket_keys.size > 0
	    ? 0 /* else: the program before gave no tickets */
	    : tls_bundle_new_ticket_key(bundle, e);
}

static int
load_ticket_keys(struct tls_bundle *bundle, const struct config *config,
    int previous_fd, struct errmsg *e)
{
	const char *path = config->policy.ticket_key_file;

	if (config->tls.tickets == 0)
		return 0;
	if (path != NULL &&
	    tls_ticket_keys_read(&bundle->ticket_keys, path, e) < 0)
		return errmsg_prepend(e, "--ticket-key-file");
	if (path != NULL)
		return 0;
	return previous_fd >= 0 ? take_ticket_keys(bundle, previous_fd, e)
				: tls_bundle_new_ticket_key(bundle, e);
}

int
policy_load(struct tls_bundle *bundle, const struct config *config,
    int previous_fd, struct errmsg *e)
{
	if (tls_files_load(bundle, &config->files, e) < 0 ||
	    load_crls(bundle, config, e) < 0 ||
	    load_rules(bundle, config, e) < 0)
		return -1;
	return load_ticket_keys(bundle, config, previous_fd, e);
}
