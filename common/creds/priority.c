/* priority: asks GnuTLS what a priority string holds; see the header. */
#include "common/creds/priority.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/creds/private.h"

/* Whether sessions can use it: some builds know the name of a group alone. */
static bool
has_group(const char *name)
{
	const gnutls_group_t *list = gnutls_group_list();

	for (; *list != GNUTLS_GROUP_INVALID; list++)
		if (strcmp(gnutls_group_get_name(*list), name) == 0)
			return true;
	return false;
}

const char *
tls_priority_default_of(bool (*has)(const char *name))
{
	return has("X25519-MLKEM768") ? TLS_PRIORITY_HYBRID
				      : TLS_PRIORITY_DEFAULT;
}

const char *
tls_priority_default(void)
{
	return tls_priority_default_of(has_group);
}

/* The name of the system's file is compiled in, whether or not it exists. */
static int
fail_empty(const char *priority, struct errmsg *e)
{
	const char *file = gnutls_get_system_config_file();

	if (file == NULL || access(file, F_OK) < 0)
		return errmsg_set(e,
		    "priority string '%s' leaves no version, cipher or key "
		    "exchange",
		    priority);
	return errmsg_set(e,
	    "priority string '%s' leaves nothing, by itself or of what the "
	    "system's configuration of GnuTLS allows: see %s",
	    priority, file);
}

int
tls_priority_parse(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e)
{
	const char *at = priority;
	int error = gnutls_priority_init(parsed, priority, &at);

	if (error >= 0)
		return 0;
	if (error == GNUTLS_E_INVALID_REQUEST)
		return errmsg_set(e,
		    "priority string '%s' is not understood at '%s'", priority,
		    at);
	if (error == GNUTLS_E_NO_PRIORITIES_WERE_SET)
		return fail_empty(priority, e);
	return errmsg_set(
	    e, "priority string '%s': %s", priority, gnutls_strerror(error));
}

int
tls_priority_parse_hybrid(
    gnutls_priority_t *parsed, const char *priority, struct errmsg *e)
{
	char text[TLS_PRIORITY_TEXT];
	int n = snprintf(text, sizeof text,
	    "%s:-GROUP-ALL:+GROUP-X25519-MLKEM768", priority);

	if (n < 0 || (size_t)n >= sizeof text)
		return errmsg_set(
		    e, "priority string '%s': too long", priority);
	return tls_priority_parse(parsed, text, e);
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

/* Which no session here speaks. */
static bool
is_dtls(const struct kind *kind, unsigned id)
{
	return kind->name == protocol_name && id >= GNUTLS_DTLS_VERSION_MIN &&
	    id <= GNUTLS_DTLS_VERSION_MAX;
}

static void
append_list(char text[static TLS_PRIORITY_TEXT], gnutls_priority_t parsed,
    const struct kind *kind)
{
	const unsigned *ids = NULL;
	int count = kind->list(parsed, &ids);

	append(text, kind->title);
	for (int i = 0; i < count; i++) {
		const char *name = kind->name(ids[i]);

		if (is_dtls(kind, ids[i]))
			continue;
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

/* A name more in a text of names with blanks between them. */
static void
append_word(char text[static TLS_PRIORITY_TEXT], const char *name)
{
	append(text, text[0] != '\0' ? " " : "");
	append(text, name != NULL ? name : "unknown");
}

static unsigned
find_unusable(gnutls_priority_t parsed, const struct kind *kind,
    char text[static TLS_PRIORITY_TEXT])
{
	const unsigned *ids = NULL;
	int count = kind->list(parsed, &ids);
	unsigned found = 0;

	for (int i = 0; i < count; i++) {
		if (is_usable(kind, ids[i]))
			continue;
		append_word(text, kind->name(ids[i]));
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

unsigned
tls_priority_find_outdated(
    const char *priority, char text[static TLS_PRIORITY_TEXT])
{
	const unsigned *ids = NULL;
	gnutls_priority_t parsed;
	unsigned found = 0;
	struct errmsg e;
	int count;

	text[0] = '\0';
	if (tls_priority_parse(&parsed, priority, &e) < 0)
		return 0;
	count = gnutls_priority_protocol_list(parsed, &ids);
	for (int i = 0; i < count; i++) {
		if (ids[i] >= GNUTLS_TLS1_2)
			continue;
		append_word(text, protocol_name(ids[i]));
		found++;
	}
	gnutls_priority_deinit(parsed);
	return found;
}
