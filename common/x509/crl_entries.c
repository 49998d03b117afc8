/* crl_entries: a walk through DER (ITU-T X.690); see the header. */
#include "common/x509/crl_entries.h"

#include <string.h>

enum {
	BOOLEAN = 0x01,
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	OCTET_STRING = 0x04,
	OBJECT_ID = 0x06,
	UTC_TIME = 0x17,
	GENERALIZED_TIME = 0x18,
	SEQUENCE = 0x30,
	CONTEXT_0 = 0xa0,
};

enum {
	OID_SIZE = 3
};

static const uint8_t reason_code[OID_SIZE] = { 0x55, 0x1d, 21 };
static const uint8_t invalidity_date[OID_SIZE] = { 0x55, 0x1d, 24 };

struct span {
	const uint8_t *at;
	size_t left;
};

/* Takes the length off the front: its short form, or its long form. */
static bool
take_length(struct span *from, size_t *length)
{
	size_t bytes;

	if (from->left == 0)
		return false;
	*length = *from->at++;
	from->left--;
	if (*length < 0x80)
		return true;
	bytes = *length & 0x7f;
	if (bytes == 0 || bytes > sizeof(uint32_t) || bytes > from->left)
		return false;
	*length = 0;
	for (size_t i = 0; i < bytes; i++)
		*length = *length << 8 | from->at[i];
	from->at += bytes;
	from->left -= bytes;
	return true;
}

/* Takes an element off the front, if it has this tag and all of its content. */
static bool
take(struct span *from, uint8_t tag, struct span *content)
{
	struct span rest = *from;
	size_t length;

	if (rest.left == 0 || *rest.at != tag)
		return false;
	rest.at++;
	rest.left--;
	if (!take_length(&rest, &length) || length > rest.left)
		return false;
	*content = (struct span){ rest.at, length };
	*from = (struct span){ rest.at + length, rest.left - length };
	return true;
}

static bool
take_time(struct span *from)
{
	struct span time;

	return take(from, UTC_TIME, &time) ||
	    take(from, GENERALIZED_TIME, &time);
}

bool
tls_crl_entries_start(
    struct tls_crl_entries *walk, const uint8_t *der, size_t size)
{
	struct span all = { der, size };
	struct span list;
	struct span tbs;
	struct span revoked = { NULL, 0 };
	struct span algorithm;
	struct span issuer;
	struct span skipped;

	*walk = (struct tls_crl_entries){ .is_malformed = true };
	if (!take(&all, SEQUENCE, &list) || all.left > 0 ||
	    !take(&list, SEQUENCE, &tbs) ||
	    !take(&list, SEQUENCE, &algorithm) ||
	    !take(&list, BIT_STRING, &skipped) || list.left > 0)
		return false;
	(void)take(&tbs, INTEGER, &skipped); /* version: optional */
	if (!take(&tbs, SEQUENCE, &algorithm) ||
	    !take(&tbs, SEQUENCE, &issuer) || !take_time(&tbs))
		return false;
	/* nextUpdate, revokedCertificates and crlExtensions: optional */
	(void)take_time(&tbs);
	(void)take(&tbs, SEQUENCE, &revoked);
	(void)take(&tbs, CONTEXT_0, &skipped);
	if (tbs.left > 0)
		return false;
	*walk = (struct tls_crl_entries){ revoked.at, revoked.left, false };
	return true;
}

/* May be critical: a revoked certificate is refused whatever these say. */
static bool
is_known(const struct span *oid)
{
	return oid->left == OID_SIZE &&
	    (memcmp(oid->at, reason_code, OID_SIZE) == 0 ||
		memcmp(oid->at, invalidity_date, OID_SIZE) == 0);
}

/* False if malformed. Clears *understood if it is critical and unknown. */
static bool
read_extension(struct span *extensions, bool *understood)
{
	static const uint8_t no = 0;
	struct span critical = { &no, sizeof no };
	struct span extension;
	struct span oid;
	struct span value;

	if (!take(extensions, SEQUENCE, &extension) ||
	    !take(&extension, OBJECT_ID, &oid))
		return false;
	(void)take(&extension, BOOLEAN, &critical); /* optional */
	if (critical.left != sizeof no ||
	    !take(&extension, OCTET_STRING, &value) || extension.left > 0)
		return false;
	if (*critical.at != no && !is_known(&oid))
		*understood = false;
	return true;
}

static bool
read_entry(struct span *from, struct tls_crl_entry *entry)
{
	struct span fields;
	struct span serial;
	struct span extensions = { NULL, 0 };

	if (!take(from, SEQUENCE, &fields) ||
	    !take(&fields, INTEGER, &serial) || serial.left == 0 ||
	    !take_time(&fields))
		return false;
	(void)take(&fields, SEQUENCE, &extensions); /* optional */
	*entry = (struct tls_crl_entry){ serial.at, serial.left, true };
	while (extensions.left > 0)
		if (!read_extension(&extensions, &entry->is_understood))
			return false;
	return fields.left == 0;
}

bool
tls_crl_entries_next(struct tls_crl_entries *walk, struct tls_crl_entry *entry)
{
	struct span rest = { walk->at, walk->left };

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
