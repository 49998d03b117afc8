/* priority: asks GnuTLS what a priority string holds; see the header. */
#include "common/creds/priority.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "common/creds/private.h"

int
tls_priority_parse(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e)
{
	const char *at;

	if (gnutls_priority_init(parsed, priority, &at) < 0)
		return errmsg_set(e,
		    "priority string '%s' is not understood at '%s'", priority,
		    at);
	return 0;
}

int
tls_priority_check(const char *priority, struct errmsg *e)
{
	gnutls_priority_t parsed;

	if (tls_priority_parse(&parsed, priority, e) < 0)
		return -1;
	gnutls_priority_deinit(parsed);
	return 0;
}

static void
append(char text[static TLS_PRIORITY_TEXT], const char *words)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, TLS_PRIORITY_TEXT - used, "%s", words);
}

/* A kind of list that a priority has, and how its items are called. */
struct kind {
	const char *title;
	int (*list)(gnutls_priority_t, const unsigned **);
	const char *(*name)(unsigned id);
};

static const char *
protocol_name(unsigned id)
{
	return gnutls_protocol_get_name((gnutls_protocol_t)id);
}

static const char *
cipher_name(unsigned id)
{
	return gnutls_cipher_get_name((gnutls_cipher_algorithm_t)id);
}

static const char *
group_name(unsigned id)
{
	return gnutls_group_get_name((gnutls_group_t)id);
}

static const char *
signature_name(unsigned id)
{
	return gnutls_sign_get_name((gnutls_sign_algorithm_t)id);
}

static const struct kind kinds[] = {
	{ "protocols:", gnutls_priority_protocol_list, protocol_name },
	{ "ciphers:", gnutls_priority_cipher_list, cipher_name },
	{ "groups:", gnutls_priority_group_list, group_name },
	{ "signatures:", gnutls_priority_sign_list, signature_name },
};

static void
append_list(char text[static TLS_PRIORITY_TEXT], gnutls_priority_t parsed,
    const struct kind *kind)
{
	const unsigned *ids = NULL;
	int count = kind->list(parsed, &ids);

	append(text, kind->title);
	for (int i = 0; i < count; i++) {
		const char *name = kind->name(ids[i]);

		append(text, " ");
		append(text, name != NULL ? name : "unknown");
	}
	append(text, "\n");
}

int
tls_priority_describe(
    const char *priority, char text[static TLS_PRIORITY_TEXT], struct errmsg *e)
{
	gnutls_priority_t parsed;

	if (tls_priority_parse(&parsed, priority, e) < 0)
		return -1;
	text[0] = '\0';
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		append_list(text, parsed, &kinds[i]);
	gnutls_priority_deinit(parsed);
	return 0;
}
