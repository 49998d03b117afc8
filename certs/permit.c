/* permit: the names that an authority may certify; see the header. */
#include "certs/permit.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/constraints.h"
#include "common/x509/san.h"

enum {
	CIDR_SIZE = 64
};

static const char uri[] = "uri:";
/* A domain in which there are no names (RFC 6761, section 6.4). */
static const char nowhere[] = "invalid";

/* Of URIs: a domain begins with a period, and in this one are all. */
static const char any_host[] = ".";

static gnutls_datum_t
datum_of(const char *text)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)text,
		(unsigned int)strlen(text) };
}

static int
add(gnutls_x509_name_constraints_t nc, gnutls_x509_subject_alt_name_t type,
    const char *text, struct errmsg *e)
{
	gnutls_datum_t name = datum_of(text);
	int error = gnutls_x509_name_constraints_add_permitted(nc, type, &name);

	return error < 0 ? x509_fail(e, error, "name constraints") : 0;
}

static int
add_addresses(
    gnutls_x509_name_constraints_t nc, const char *cidr, struct errmsg *e)
{
	gnutls_datum_t range = { NULL, 0 };
	int error = gnutls_x509_cidr_to_rfc5280(cidr, &range);

	if (error < 0)
		return errmsg_set(e,
		    "is no range of addresses, such as 10.0.0.0/8 or "
		    "2001:db8::/32");
	error = gnutls_x509_name_constraints_add_permitted(
	    nc, GNUTLS_SAN_IPADDRESS, &range);
	gnutls_free(range.data);
	return error < 0 ? x509_fail(e, error, "name constraints") : 0;
}

static int
add_host(gnutls_x509_name_constraints_t nc, gnutls_x509_subject_alt_name_t type,
    const char *host, bool may_be_domain, struct errmsg *e)
{
	const char *name = host + (may_be_domain && host[0] == '.');

	if (!tls_san_is_dns_name(name, strlen(name)))
		return errmsg_set(e, "'%s' is no name of a host", host);
	return add(nc, type, host, e);
}

/* An address, a whole e-mail address or a DNS name. */
static int
add_name(gnutls_x509_name_constraints_t nc, const char *text, struct errmsg *e)
{
	char cidr[CIDR_SIZE];
	struct tls_san san;

	if (tls_san_parse(&san, text, strlen(text), e) < 0)
		return -1;
	switch (san.kind) {
	case TLS_SAN_ADDRESS:
		(void)snprintf(cidr, sizeof cidr, "%s/%zu", text, 8 * san.size);
		return add_addresses(nc, cidr, e);
	case TLS_SAN_EMAIL:
		return add(nc, GNUTLS_SAN_RFC822NAME, text, e);
	case TLS_SAN_DNS_NAME:
		return add_host(nc, GNUTLS_SAN_DNSNAME, text, false, e);
	default:
		return errmsg_set(e,
		    "is a URI: only their hosts can be permitted, as in "
		    "uri:web.example.org or uri:.example.org");
	}
}

static int
add_text(gnutls_x509_name_constraints_t nc, const char *text, struct errmsg *e)
{
	if (strncmp(text, uri, sizeof uri - 1) == 0)
		return add_host(
		    nc, GNUTLS_SAN_URI, text + sizeof uri - 1, true, e);
	if (text[0] == '@')
		return add_host(nc, GNUTLS_SAN_RFC822NAME, text + 1, false, e);
	if (strchr(text, '/') != NULL && strstr(text, "://") == NULL)
		return add_addresses(nc, text, e);
	return add_name(nc, text, e);
}

static bool
has_type(gnutls_x509_name_constraints_t nc, unsigned int wanted)
{
	gnutls_datum_t name;
	unsigned int type;

	for (unsigned int i = 0; gnutls_x509_name_constraints_get_permitted(
				     nc, i, &type, &name) == 0;
	     i++)
		if (type == wanted)
			return true;
	return false;
}

static int
exclude_addresses(gnutls_x509_name_constraints_t nc, const char *cidr)
{
	gnutls_datum_t range = { NULL, 0 };
	int error = gnutls_x509_cidr_to_rfc5280(cidr, &range);

	if (error >= 0)
		error = gnutls_x509_name_constraints_add_excluded(
		    nc, GNUTLS_SAN_IPADDRESS, &range);
	gnutls_free(range.data);
	return error;
}

static int
exclude_uris(gnutls_x509_name_constraints_t nc)
{
	gnutls_datum_t any = datum_of(any_host);

	return gnutls_x509_name_constraints_add_excluded(
	    nc, GNUTLS_SAN_URI, &any);
}

/*
 * Of addresses all are excluded. Others would need an empty name for that,
 * which OpenSSL does not take for all; so one is permitted that nobody has.
 * Where no URI is permitted, they are excluded as well, since not all libraries
 * judge by one of the two alone.
 */
static int
forbid_others(gnutls_x509_name_constraints_t nc, struct errmsg *e)
{
	static const gnutls_x509_subject_alt_name_t types[] = {
		GNUTLS_SAN_DNSNAME, GNUTLS_SAN_RFC822NAME, GNUTLS_SAN_URI
	};
	bool has_uris = has_type(nc, GNUTLS_SAN_URI);
	bool has_addresses = has_type(nc, GNUTLS_SAN_IPADDRESS);
	int error = 0;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!has_type(nc, types[i]) &&
		    add(nc, types[i], nowhere, e) < 0)
			return -1;
	if (!has_uris)
		error = exclude_uris(nc);
	if (error >= 0 && !has_addresses)
		error = exclude_addresses(nc, "0.0.0.0/0");
	if (error >= 0 && !has_addresses)
		error = exclude_addresses(nc, "::/0");
	return error < 0 ? x509_fail(e, error, "name constraints") : 0;
}

int
permit_parse(gnutls_x509_name_constraints_t *out, const char *const *texts,
    size_t count, struct errmsg *e)
{
	gnutls_x509_name_constraints_t nc;
	int result = 0;

	*out = NULL;
	if (count == 0 || *texts == NULL)
		return 0;
	if (gnutls_x509_name_constraints_init(&nc) < 0)
		return errmsg_set(e, "out of memory");
	for (size_t i = 0; i < count && texts[i] != NULL && result == 0; i++) {
		result = add_text(nc, texts[i], e);
		if (result < 0)
			(void)errmsg_prepend(e, "'%s'", texts[i]);
	}
	if (result == 0)
		result = forbid_others(nc, e);
	if (result < 0)
		gnutls_x509_name_constraints_deinit(nc);
	else
		*out = nc;
	return result;
}

/* URIs are judged for the whole leaf (x509/constraints.h). */
static bool
is_permitted(gnutls_x509_name_constraints_t nc, const struct name *name)
{
	static const gnutls_x509_subject_alt_name_t types[] = {
		[TLS_SAN_DNS_NAME] = GNUTLS_SAN_DNSNAME,
		[TLS_SAN_ADDRESS] = GNUTLS_SAN_IPADDRESS,
		[TLS_SAN_EMAIL] = GNUTLS_SAN_RFC822NAME,
	};
	const struct tls_san *san = &name->san;
	gnutls_datum_t view = { (unsigned char *)(uintptr_t)name->text,
		(unsigned int)san->size };

	if (san->kind == TLS_SAN_URI)
		return true;
	if (san->kind == TLS_SAN_ADDRESS)
		view.data = (unsigned char *)(uintptr_t)san->address;
	return gnutls_x509_name_constraints_check(
		   nc, types[san->kind], &view) != 0;
}

bool
permit_is_limited(const struct tls_chain *authorities)
{
	for (unsigned int i = 0; i < authorities->count; i++)
		if (gnutls_x509_crt_get_extension_by_oid(authorities->crts[i],
			PERMIT_OID, 0, NULL, &(size_t){ 0 },
			NULL) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return true;
	return false;
}

static int
check_one(gnutls_x509_crt_t authority, const struct name *names, size_t count,
    struct errmsg *e)
{
	gnutls_x509_name_constraints_t nc;
	const char *outside = NULL;
	unsigned int critical;

	if (gnutls_x509_name_constraints_init(&nc) < 0)
		return errmsg_set(e, "out of memory");
	if (gnutls_x509_crt_get_name_constraints(authority, nc, 0, &critical) >=
	    0)
		for (size_t i = 0; i < count && outside == NULL; i++)
			if (!is_permitted(nc, &names[i]))
				outside = names[i].text;
	gnutls_x509_name_constraints_deinit(nc);
	if (outside == NULL)
		return 0;
	return errmsg_set(e,
	    "'%s' is outside of what the authority is permitted, which "
	    "'tlsecho-certs show' prints of its ca.pem",
	    outside);
}

int
permit_check(const struct tls_chain *authorities, gnutls_x509_crt_t leaf,
    const struct name *names, size_t count, struct errmsg *e)
{
	for (unsigned int i = 0; i < authorities->count; i++) {
		if (check_one(authorities->crts[i], names, count, e) < 0)
			return -1;
		if (leaf != NULL &&
		    !tls_constraints_allow(authorities->crts[i], leaf))
			return errmsg_set(e,
			    "'%s' is outside of what the authority is "
			    "permitted, which 'tlsecho-certs show' prints of "
			    "its ca.pem",
			    names[0].text);
	}
	return 0;
}
