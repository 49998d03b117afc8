/* choice: names and keys, for GnuTLS and for comparison; see the header. */
#include "common/creds/choice.h"

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/creds/support.h"
#include "common/x509/chain.h"

enum {
	NAME_SIZE = 256 /* longer ones are no DNS names (RFC 1035, 2.3.4) */
};

static int
append_name(struct tls_choice *c, size_t count, const char *name)
{
	char **names = realloc(c->names, (count + 2) * sizeof *names);

	if (names == NULL)
		return GNUTLS_E_MEMORY_ERROR;
	c->names = names;
	names[count] = strdup(name);
	names[count + 1] = NULL;
	return names[count] != NULL ? 0 : GNUTLS_E_MEMORY_ERROR;
}

static int
read_names(struct tls_choice *c, gnutls_x509_crt_t crt)
{
	size_t count = 0;
	int type = 0;

	for (unsigned i = 0; type != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	     i++) {
		char name[NAME_SIZE];
		size_t size = sizeof name;

		type = gnutls_x509_crt_get_subject_alt_name(
		    crt, i, name, &size, NULL);
		if (type != GNUTLS_SAN_DNSNAME)
			continue;
		if (append_name(c, count++, name) < 0)
			return GNUTLS_E_MEMORY_ERROR;
	}
	return 0;
}

static int
read_key(
    struct tls_choice *c, gnutls_certificate_credentials_t x509, unsigned i)
{
	gnutls_x509_privkey_t key;
	int error = gnutls_certificate_get_x509_key(x509, i, &key);

	if (error < 0)
		return error;
	error = gnutls_privkey_init(&c->key);
	if (error == 0)
		error = gnutls_privkey_import_x509(
		    c->key, key, GNUTLS_PRIVKEY_IMPORT_COPY);
	gnutls_x509_privkey_deinit(key);
	return error;
}

static int
read_chain(struct tls_choice *c, const struct tls_chain *chain)
{
	int error = 0;

	if (chain->count == 0 || chain->count > TLS_CHOICE_CHAIN_MAX)
		return GNUTLS_E_CERTIFICATE_ERROR;
	for (; c->count < chain->count && error == 0; c->count++)
		error = gnutls_pcert_import_x509(
		    &c->chain[c->count], chain->crts[c->count], 0);
	if (error < 0) {
		c->count--;
		return error;
	}
	c->kinds = tls_key_kinds(c->chain[0].pubkey);
	return read_names(c, chain->crts[0]);
}

int
tls_choice_read(
    struct tls_choice *c, gnutls_certificate_credentials_t x509, unsigned i)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	int error = read_key(c, x509, i);

	if (error == 0)
		error = gnutls_certificate_get_x509_crt(
		    x509, i, &chain.crts, &chain.count);
	if (error >= 0)
		error = read_chain(c, &chain);
	tls_chain_free(&chain);
	return error;
}

void
tls_choice_free(struct tls_choice *c)
{
	for (unsigned i = 0; i < c->count; i++)
		gnutls_pcert_deinit(&c->chain[i]);
	if (c->key != NULL)
		gnutls_privkey_deinit(c->key);
	for (char **name = c->names; name != NULL && *name != NULL; name++)
		free(*name);
	free(c->names);
	*c = (struct tls_choice){ .count = 0 };
}

static bool
is_equal(const char *pattern, const char *name, size_t size)
{
	return strlen(pattern) == size && strncasecmp(pattern, name, size) == 0;
}

static enum tls_choice_match
match(const char *pattern, const char *name, size_t size)
{
	size_t label = strcspn(name, ".");

	if (is_equal(pattern, name, size))
		return TLS_CHOICE_EXACT;
	return pattern[0] == '*' && pattern[1] == '.' && label > 0 &&
		label < size &&
		is_equal(pattern + 1, name + label, size - label)
	    ? TLS_CHOICE_WILDCARD
	    : TLS_CHOICE_OTHER;
}

enum tls_choice_match
tls_choice_match(const struct tls_choice *c, const char *name)
{
	enum tls_choice_match best = TLS_CHOICE_OTHER, one;
	size_t size = strlen(name);

	if (size > 1 && name[size - 1] == '.')
		size--;
	for (char **own = c->names; own != NULL && *own != NULL; own++) {
		one = match(*own, name, size);
		if (one > best)
			best = one;
	}
	return best;
}

/* GnuTLS calls back once in a handshake; nothing is copied, nor freed. */
/* NOLINTBEGIN(readability-function-size): it has eight parameters */
static int
on_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
    gnutls_pcert_st **chain, unsigned *count, gnutls_ocsp_data_st **ocsp,
    unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags)
{
	struct tls_choice *choice = gnutls_db_get_ptr(session);

	(void)info;
	*ocsp = NULL;
	*ocsp_count = 0;
	*flags = 0;
	*chain = choice->chain;
	*count = choice->count;
	*key = choice->key;
	return 0;
}
/* NOLINTEND(readability-function-size) */

void
tls_choice_allow(gnutls_certificate_credentials_t x509)
{
	gnutls_certificate_set_retrieve_function3(x509, on_retrieve);
}

/* The pointer for a database of sessions, of which there is none, is free. */
void
tls_choice_set(gnutls_session_t session, const struct tls_choice *choice)
{
	gnutls_db_set_ptr(session, (void *)(uintptr_t)choice);
}
