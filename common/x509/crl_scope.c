/* crl_scope: the DER of issuing distribution points; see the header. */
#include "common/x509/crl_scope.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/der.h"

#define OID_CRL_DISTRIBUTION_POINTS "2.5.29.31"

/* Members of IssuingDistributionPoint, by their numbers. */
enum {
	DISTRIBUTION_POINT,
	ONLY_USER_CERTS,
	ONLY_CA_CERTS,
	ONLY_SOME_REASONS,
	INDIRECT_CRL,
	ONLY_ATTRIBUTE_CERTS
};

static const char malformed[] = "its issuing distribution point is malformed";

/* A hash of the name (GeneralName) at the front, its kind included. */
static bool
take_place(struct tls_der *names, uint8_t place[static TLS_CRL_PLACE])
{
	const uint8_t *at = names->at;
	uint8_t hash[32], tag;
	struct tls_der name;
	int error;

	if (!tls_der_take_any(names, &tag, &name))
		return false;
	error = gnutls_hash_fast(
	    GNUTLS_DIG_SHA256, at, (size_t)(names->at - at), hash);
	ASSERT(error == 0);
	memcpy(place, hash, TLS_CRL_PLACE);
	return true;
}

/* DistributionPointName: full names, or one that is relative to the issuer. */
static int
read_places(struct tls_crl_scope *scope, struct tls_der point, struct errmsg *e)
{
	uint8_t place[TLS_CRL_PLACE];
	struct tls_der names;

	if (!tls_der_take(&point, TLS_DER_CONTEXT_CONSTRUCTED, &names))
		return errmsg_set(e,
		    "names where it is published by a part of a name only; "
		    "give a complete list");
	while (names.left > 0) {
		if (!take_place(&names, place))
			return errmsg_set(e, "%s", malformed);
		if (scope->place_count < TLS_CRL_PLACES)
			memcpy(scope->places[scope->place_count++], place,
			    sizeof place);
	}
	return 0;
}

static int
read_member(struct tls_crl_scope *scope, uint8_t number,
    const struct tls_der *content, struct errmsg *e)
{
	bool value = content->left == 1 && *content->at != 0;

	switch (number) {
	case DISTRIBUTION_POINT:
		return read_places(scope, *content, e);
	case ONLY_USER_CERTS:
		scope->authorities &= !value;
		return 0;
	case ONLY_CA_CERTS:
		scope->users &= !value;
		return 0;
	case ONLY_SOME_REASONS:
		return errmsg_set(e,
		    "is a list of some reasons for revocation only; give one "
		    "of all reasons");
	case INDIRECT_CRL:
		return !value ? 0
			      : errmsg_set(e,
				    "is an indirect list, which holds those of "
				    "other issuers, too; give each issuer's "
				    "own");
	case ONLY_ATTRIBUTE_CERTS:
		return !value
		    ? 0
		    : errmsg_set(e, "is a list of attribute certificates only");
	default:
		return errmsg_set(e, "%s", malformed);
	}
}

int
tls_crl_scope_read(struct tls_crl_scope *scope, const gnutls_datum_t *extension,
    struct errmsg *e)
{
	struct tls_der all = { extension->data, extension->size };
	struct tls_der members, content;
	uint8_t tag;

	if (!tls_der_take(&all, TLS_DER_SEQUENCE, &members) || all.left > 0)
		return errmsg_set(e, "%s", malformed);
	while (members.left > 0) {
		if (!tls_der_take_any(&members, &tag, &content) ||
		    (tag & TLS_DER_CONTEXT) == 0)
			return errmsg_set(e, "%s", malformed);
		if (read_member(scope, tag & 0x1f, &content, e) < 0)
			return -1;
	}
	if (!scope->users && !scope->authorities)
		return errmsg_set(e, "%s", malformed);
	return 0;
}

static bool
has_place(const struct tls_crl_scope *scope,
    const uint8_t place[static TLS_CRL_PLACE])
{
	for (int i = 0; i < scope->place_count; i++)
		if (memcmp(scope->places[i], place, TLS_CRL_PLACE) == 0)
			return true;
	return false;
}

/* The names of one DistributionPoint (RFC 5280, 4.2.1.13). */
static bool
is_among(const struct tls_crl_scope *scope, struct tls_der point)
{
	uint8_t place[TLS_CRL_PLACE];
	struct tls_der name, names;

	if (!tls_der_take(&point, TLS_DER_CONTEXT_CONSTRUCTED, &name) ||
	    !tls_der_take(&name, TLS_DER_CONTEXT_CONSTRUCTED, &names))
		return false;
	while (take_place(&names, place))
		if (has_place(scope, place))
			return true;
	return false;
}

static bool
is_published_for(const struct tls_crl_scope *scope, gnutls_x509_crt_t crt)
{
	gnutls_datum_t der = { NULL, 0 };
	struct tls_der all, points, point;
	bool found = false;

	if (gnutls_x509_crt_get_extension_by_oid2(
		crt, OID_CRL_DISTRIBUTION_POINTS, 0, &der, NULL) < 0)
		return true;
	all = (struct tls_der){ der.data, der.size };
	if (tls_der_take(&all, TLS_DER_SEQUENCE, &points))
		while (
		    !found && tls_der_take(&points, TLS_DER_SEQUENCE, &point))
			found = is_among(scope, point);
	gnutls_free(der.data);
	return found;
}

bool
tls_crl_scope_covers(const struct tls_crl_scope *scope, gnutls_x509_crt_t crt)
{
	bool is_authority = gnutls_x509_crt_get_ca_status(crt, NULL) > 0;

	if (is_authority ? !scope->authorities : !scope->users)
		return false;
	return scope->place_count == 0 || is_published_for(scope, crt);
}
