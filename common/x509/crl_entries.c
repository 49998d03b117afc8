/* crl_entries: a walk through DER; see the header. */
#include "common/x509/crl_entries.h"

#include <string.h>

#include "common/x509/der.h"

enum {
	OID_SIZE = 3
};

static const uint8_t reason_code[OID_SIZE] = { 0x55, 0x1d, 21 };
static const uint8_t invalidity_date[OID_SIZE] = { 0x55, 0x1d, 24 };

static bool
take_time(struct tls_der *from)
{
	struct tls_der time;

	return tls_der_take(from, TLS_DER_UTC_TIME, &time) ||
	    tls_der_take(from, TLS_DER_GENERALIZED_TIME, &time);
}

bool
tls_crl_entries_start(
    struct tls_crl_entries *walk, const uint8_t *der, size_t size)
{
	struct tls_der all = { der, size };
	struct tls_der list;
	struct tls_der tbs;
	struct tls_der revoked = { NULL, 0 };
	struct tls_der algorithm;
	struct tls_der issuer;
	struct tls_der skipped;

	*walk = (struct tls_crl_entries){ .is_malformed = true };
	if (!tls_der_take(&all, TLS_DER_SEQUENCE, &list) || all.left > 0 ||
	    !tls_der_take(&list, TLS_DER_SEQUENCE, &tbs) ||
	    !tls_der_take(&list, TLS_DER_SEQUENCE, &algorithm) ||
	    !tls_der_take(&list, TLS_DER_BIT_STRING, &skipped) || list.left > 0)
		return false;
	(void)tls_der_take(
	    &tbs, TLS_DER_INTEGER, &skipped); /* version: optional */
	if (!tls_der_take(&tbs, TLS_DER_SEQUENCE, &algorithm) ||
	    !tls_der_take(&tbs, TLS_DER_SEQUENCE, &issuer) || !take_time(&tbs))
		return false;
	/* nextUpdate, revokedCertificates and crlExtensions: optional */
	(void)take_time(&tbs);
	(void)tls_der_take(&tbs, TLS_DER_SEQUENCE, &revoked);
	(void)tls_der_take(&tbs, TLS_DER_CONTEXT_CONSTRUCTED, &skipped);
	if (tbs.left > 0)
		return false;
	*walk = (struct tls_crl_entries){ revoked.at, revoked.left, false };
	return true;
}

/* May be critical: a revoked certificate is refused whatever these say. */
static bool
is_known(const struct tls_der *oid)
{
	return oid->left == OID_SIZE &&
	    (memcmp(oid->at, reason_code, OID_SIZE) == 0 ||
		memcmp(oid->at, invalidity_date, OID_SIZE) == 0);
}

/* False if malformed. Clears *understood if it is critical and unknown. */
static bool
read_extension(struct tls_der *extensions, bool *understood)
{
	static const uint8_t no = 0;
	struct tls_der critical = { &no, sizeof no };
	struct tls_der extension;
	struct tls_der oid;
	struct tls_der value;

	if (!tls_der_take(extensions, TLS_DER_SEQUENCE, &extension) ||
	    !tls_der_take(&extension, TLS_DER_OBJECT_ID, &oid))
		return false;
	(void)tls_der_take(
	    &extension, TLS_DER_BOOLEAN, &critical); /* optional */
	if (critical.left != sizeof no ||
	    !tls_der_take(&extension, TLS_DER_OCTET_STRING, &value) ||
	    extension.left > 0)
		return false;
	if (*critical.at != no && !is_known(&oid))
		*understood = false;
	return true;
}

static bool
read_entry(struct tls_der *from, struct tls_crl_entry *entry)
{
	struct tls_der fields;
	struct tls_der serial;
	struct tls_der extensions = { NULL, 0 };

	if (!tls_der_take(from, TLS_DER_SEQUENCE, &fields) ||
	    !tls_der_take(&fields, TLS_DER_INTEGER, &serial) ||
	    serial.left == 0 || !take_time(&fields))
		return false;
	(void)tls_der_take(
	    &fields, TLS_DER_SEQUENCE, &extensions); /* optional */
	*entry = (struct tls_crl_entry){ serial.at, serial.left, true };
	while (extensions.left > 0)
		if (!read_extension(&extensions, &entry->is_understood))
			return false;
	return fields.left == 0;
}

bool
tls_crl_entries_next(struct tls_crl_entries *walk, struct tls_crl_entry *entry)
{
	struct tls_der rest = { walk->at, walk->left };

	if (walk->is_malformed || rest.left == 0)
		return false;
	if (!read_entry(&rest, entry)) {
		walk->is_malformed = true;
		return false;
	}
	walk->at = rest.at;
	walk->left = rest.left;
	return true;
}
