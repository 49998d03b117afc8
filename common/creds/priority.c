/* priority: asks GnuTLS what a priority string holds; see the header. */
#include "common/creds/priority.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/creds/private.h"

int
tls_priority_parse(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e)
{
	const char *at = priority;
	const char *file = gnutls_get_system_config_file();
	int error = gnutls_priority_init(parsed, priority, &at);

	if (error >= 0)
		return 0;
	if (error == GNUTLS_E_INVALID_REQUEST)
		return errmsg_set(e,
		    "priority string '%s' is not understood at '%s'", priority,
		    at);
	if (error == GNUTLS_E_NO_PRIORITIES_WERE_SET && file != NULL)
		return errmsg_set(e,
		    "priority string '%s' leaves nothing of what the system's "
		    "configuration of GnuTLS allows: see %s",
		    priority, file);
	return errmsg_set(
	    e, "priority string '%s': %s", priority, gnutls_strerror(error));
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
	const unsigned *(*usable)(void); /* those of the library; 0 ends them */
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

static const unsigned *
protocols(void)
{
	return (const unsigned *)gnutls_protocol_list();
}

static const unsigned *
ciphers(void)
{
	return (const unsigned *)gnutls_cipher_list();
}

static const unsigned *
groups(void)
{
	return (const unsigned *)gnutls_group_list();
}

static const unsigned *
signatures(void)
{
	return (const unsigned *)gnutls_sign_list();
}

static const struct kind kinds[] = {
	{ "protocols:", gnutls_priority_protocol_list, protocol_name,
	    protocols },
	{ "ciphers:", gnutls_priority_cipher_list, cipher_name, ciphers },
	{ "groups:", gnutls_priority_group_list, group_name, groups },
	{ "signatures:", gnutls_priority_sign_list, signature_name,
	    signatures },
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

static bool
is_usable(const struct kind *kind, unsigned id)
{
	const unsigned *usable = kind->usable();

	while (*usable != 0 && *usable != id)
		usable++;
	return *usable == id;
}

static unsigned
find_unusable(gnutls_priority_t parsed, const struct kind *kind,
    char text[static TLS_PRIORITY_TEXT])
{
	const unsigned *ids = NULL;
	int count = kind->list(parsed, &ids);
	unsigned found = 0;

	for (int i = 0; i < count; i++) {
		const char *name = kind->name(ids[i]);

		if (is_usable(kind, ids[i]))
			continue;
		append(text, text[0] != '\0' ? " " : "");
		append(text, name != NULL ? name : "unknown");
		found++;
	}
	return found;
}

unsigned
tls_priority_find_unusable(
    const char *priority, char text[static TLS_PRIORITY_TEXT])
{
	gnutls_priority_t parsed;
	unsigned found = 0;
	struct errmsg e;

	text[0] = '\0';
	if (tls_priority_parse(&parsed, priority, &e) < 0)
		return 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		found += find_unusable(parsed, &kinds[i], text);
	gnutls_priority_deinit(parsed);
	return found;
}
