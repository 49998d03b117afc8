/* constraints: permitted URIs, and what cannot be checked; see the header. */
#include "common/x509/constraints.h"

#include <gnutls/gnutls.h>
#include <string.h>
#include <strings.h>

enum {
	URI_MAX = 2048
};

/* 1: read; 0: the certificate has none; -1: they cannot be read. */
static int
read_constraints(
    gnutls_x509_crt_t crt, gnutls_x509_name_constraints_t *constraints)
{
	unsigned critical;
	int error;

	if (gnutls_x509_name_constraints_init(constraints) < 0)
		return -1;
	error = gnutls_x509_crt_get_name_constraints(
	    crt, *constraints, 0, &critical);
	if (error == 0)
		return 1;
	gnutls_x509_name_constraints_deinit(*constraints);
	return error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? 0 : -1;
}

/*
 * The host of a URI with an authority, in *host and *n (RFC 3986, 3.2): what is
 * after "//" and user information, before port, path, query and fragment.
 */
static bool
find_host(const char *uri, const char **host, size_t *n)
{
	const char *begin = strstr(uri, "://");
	const char *at;
	size_t all;

	if (begin == NULL)
		return false;
	begin += 3;
	all = strcspn(begin, "/?#");
	at = memchr(begin, '@', all);
	if (at != NULL) {
		all -= (size_t)(at + 1 - begin);
		begin = at + 1;
	}
	*host = begin;
	*n = strcspn(begin, ":/?#");
	return *n > 0 && *n <= all;
}

/* "host" is that host only; ".domain" every host below it. */
static bool
host_matches(const char *host, size_t n, const gnutls_datum_t *name)
{
	const char *wanted = (const char *)name->data;
	size_t size = name->size;

	if (size == 0 || (wanted[0] == '.' ? n <= size : n != size))
		return false;
	return strncasecmp(host + (n - size), wanted, size) == 0;
}

static bool
uri_is_permitted(gnutls_x509_name_constraints_t constraints, const char *uri)
{
	gnutls_datum_t name;
	const char *host;
	unsigned type;
	size_t n;

	if (!find_host(uri, &host, &n))
		return false;
	for (unsigned i = 0; gnutls_x509_name_constraints_get_permitted(
				 constraints, i, &type, &name) == 0;
	     i++)
		if (type == GNUTLS_SAN_URI && host_matches(host, n, &name))
			return true;
	return false;
}

static bool
uris_are_permitted(
    gnutls_x509_name_constraints_t constraints, gnutls_x509_crt_t leaf)
{
	char uri[URI_MAX];
	unsigned critical;
	size_t size;
	int type;

	for (unsigned i = 0;; i++) {
		size = sizeof uri - 1;
		type = gnutls_x509_crt_get_subject_alt_name(
		    leaf, i, uri, &size, &critical);
		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return true;
		if (type == GNUTLS_E_SHORT_MEMORY_BUFFER)
			return false; /* of whatever kind it is */
		if (type != GNUTLS_SAN_URI)
			continue;
		uri[size] = '\0';
		if (strlen(uri) != size || !uri_is_permitted(constraints, uri))
			return false;
	}
}

typedef int each_constraint(gnutls_x509_name_constraints_t constraints,
    unsigned i, unsigned *type, gnutls_datum_t *name);

/* Whether it is one of those in the set of bits. */
static bool
is_of(unsigned type, unsigned types)
{
	return type < 32 && (types >> type & 1) != 0;
}

/* Whether one, permitted or excluded, is of these types or, with others, is of
 * none of them. */
static bool
has(gnutls_x509_name_constraints_t constraints, each_constraint *each,
    unsigned types, bool others)
{
	gnutls_datum_t name;
	unsigned type;

	for (unsigned i = 0; each(constraints, i, &type, &name) == 0; i++)
		if (is_of(type, types) != others)
			return true;
	return false;
}

enum {
	CHECKED = 1 << GNUTLS_SAN_DNSNAME | 1 << GNUTLS_SAN_RFC822NAME |
	    1 << GNUTLS_SAN_IPADDRESS | 1 << GNUTLS_SAN_URI
};

static bool
can_be_checked(gnutls_x509_name_constraints_t constraints)
{
	return !has(constraints, gnutls_x509_name_constraints_get_permitted,
		   CHECKED, true) &&
	    !has(constraints, gnutls_x509_name_constraints_get_excluded,
		CHECKED | 1 << GNUTLS_SAN_DN, true);
}

static bool
has_permitted_uris(gnutls_x509_name_constraints_t constraints)
{
	return has(constraints, gnutls_x509_name_constraints_get_permitted,
	    1 << GNUTLS_SAN_URI, false);
}

bool
tls_constraints_allow(gnutls_x509_crt_t issuer, gnutls_x509_crt_t leaf)
{
	gnutls_x509_name_constraints_t constraints;
	int got = read_constraints(issuer, &constraints);
	bool allowed;

	if (got <= 0)
		return got == 0;
	allowed = can_be_checked(constraints) &&
	    (!has_permitted_uris(constraints) ||
		uris_are_permitted(constraints, leaf));
	gnutls_x509_name_constraints_deinit(constraints);
	return allowed;
}

bool
tls_constraints_exist(gnutls_x509_crt_t issuer)
{
	gnutls_x509_name_constraints_t constraints;
	int got = read_constraints(issuer, &constraints);
	bool exist;

	if (got <= 0)
		return got < 0;
	exist = !can_be_checked(constraints) || has_permitted_uris(constraints);
	gnutls_x509_name_constraints_deinit(constraints);
	return exist;
}
