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
read_leaf(struct tls_choice *c, const struct tls_chain *chain)
{
	c->kinds = tls_key_kinds(c->own.chain[0].pubkey);
	return read_names(c, chain->crts[0]);
}

int
tls_choice_read(
    struct tls_choice *c, gnutls_certificate_credentials_t x509, unsigned i)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	gnutls_x509_privkey_t key;
	int error =
	    gnutls_certificate_get_x509_crt(x509, i, &chain.crts, &chain.count);

	if (error >= 0)
		error = gnutls_certificate_get_x509_key(x509, i, &key);
	if (error >= 0)
		error = tls_certified_key_init(&c->own, &chain, key, NULL);
	if (error >= 0)
		error = read_leaf(c, &chain);
	tls_chain_free(&chain);
	return error;
}

int
tls_choice_read_remote(struct tls_choice *c, const struct file_bytes *pem,
    struct tls_signer *signer, unsigned i)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	int error = tls_chain_import(&chain, pem, GNUTLS_X509_FMT_PEM);

	if (error >= 0)
		error =
		    tls_certified_key_init_remote(&c->own, &chain, signer, i);
	if (error >= 0)
		error = read_leaf(c, &chain);
	tls_chain_free(&chain);
	return error;
}

void
tls_choice_free(struct tls_choice *c)
{
	tls_certified_key_free(&c->own);
	for (char **name = c->names; name != NULL && *name != NULL; name++)
		free(*name);
	free(c->names);
	*c = (struct tls_choice){ .names = NULL };
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
