/* crl: looks up revoked certificates; see the header. */
#include "common/x509/crl.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/private.h"

struct tls_crl {
	const uint8_t *rows;
	const uint8_t *slots;
	struct tls_crl_header header;
	struct tls_crl_info next; /* of the list that is due first */
	int64_t oldest_s;         /* thisUpdate of another, perhaps */
};

void
tls_crl_hash(const void *data, size_t size, uint8_t hash[static TLS_CRL_HASH])
{
	int error = gnutls_hash_fast(GNUTLS_DIG_SHA256, data, size, hash);

	ASSERT(error == 0);
}

struct tls_crl_slot
tls_crl_make_slot(const uint8_t issuer[static TLS_CRL_HASH],
    const uint8_t *serial, size_t size)
{
	uint8_t key[TLS_CRL_HASH + TLS_CRL_SERIAL];
	uint8_t hash[TLS_CRL_HASH];
	struct tls_crl_slot slot;

	ASSERT(size <= TLS_CRL_SERIAL);
	while (size > 0 && serial[0] == 0) {
		serial++;
		size--;
	}
	memcpy(key, issuer, TLS_CRL_HASH);
	memcpy(key + TLS_CRL_HASH, serial, size);
	tls_crl_hash(key, TLS_CRL_HASH + size, hash);
	memcpy(&slot, hash, sizeof slot);
	return slot;
}

uint64_t
tls_crl_probe(const uint8_t *slots, uint64_t slot_count,
    struct tls_crl_slot entry, bool *found)
{
	uint64_t at = slot_count > 0 ? entry.home % slot_count : 0;

	*found = false;
	for (uint64_t i = 0; i < slot_count; i++) {
		struct tls_crl_slot slot;

		memcpy(&slot, slots + at * sizeof slot, sizeof slot);
		*found = slot.home == entry.home && slot.rest == entry.rest;
		if (*found || (slot.home == 0 && slot.rest == 0))
			return at;
		at = at + 1 < slot_count ? at + 1 : 0;
	}
	return slot_count;
}

static void
read_row(const struct tls_crl *crl, uint64_t i, struct tls_crl_row *row)
{
	memcpy(row, crl->rows + i * sizeof *row, sizeof *row);
	row->info.issuer[TLS_CRL_NAME - 1] = '\0';
	if (row->scope.place_count > TLS_CRL_PLACES)
		row->scope.place_count = TLS_CRL_PLACES;
}

/* The counts must add up to the size; none of them may overflow. */
static bool
is_sound(const struct tls_crl_header *header, size_t size)
{
	size_t left = size - sizeof *header;

	if (memcmp(header->magic, TLS_CRL_MAGIC, sizeof header->magic) != 0 ||
	    header->row_count > left / sizeof(struct tls_crl_row))
		return false;
	left -= header->row_count * sizeof(struct tls_crl_row);
	return left % sizeof(struct tls_crl_slot) == 0 &&
	    header->slot_count == left / sizeof(struct tls_crl_slot) &&
	    header->entry_count <= header->slot_count / 2;
}

int
tls_crl_open(
    struct tls_crl **crl, const void *table, size_t size, struct errmsg *e)
{
	struct tls_crl_header header;
	struct tls_crl_row row;
	struct tls_crl *c;

	ASSERT(table != NULL || size == 0);
	if (size >= sizeof header)
		memcpy(&header, table, sizeof header);
	if (size < sizeof header || !is_sound(&header, size))
		return errmsg_set(e, "revocation table: is damaged");
	c = calloc(1, sizeof *c);
	if (c == NULL)
		return errmsg_set(e, "revocation table: out of memory");
	c->header = header;
	c->rows = (const uint8_t *)table + sizeof header;
	c->slots = c->rows + header.row_count * sizeof row;
	for (uint64_t i = 0; i < header.row_count; i++) {
		read_row(c, i, &row);
		if (i == 0 || row.info.next_update_s < c->next.next_update_s)
			c->next = row.info;
		if (i == 0 || row.info.this_update_s < c->oldest_s)
			c->oldest_s = row.info.this_update_s;
	}
	*crl = c;
	return 0;
}

void
tls_crl_close(struct tls_crl **crl)
{
	free(*crl);
	*crl = NULL;
}

/* The hash of the issuer's name, and the serial number with its size. */
static int
read_certificate(gnutls_x509_crt_t crt, uint8_t issuer[static TLS_CRL_HASH],
    uint8_t serial[static TLS_CRL_SERIAL], size_t *size)
{
	gnutls_datum_t name;

	*size = TLS_CRL_SERIAL;
	if (gnutls_x509_crt_get_serial(crt, serial, size) < 0 ||
	    gnutls_x509_crt_get_raw_issuer_dn(crt, &name) < 0)
		return -1;
	tls_crl_hash(name.data, name.size, issuer);
	gnutls_free(name.data);
	return 0;
}

enum tls_crl_answer
tls_crl_check(const struct tls_crl *crl, gnutls_x509_crt_t crt, time_t now)
{
	enum tls_crl_answer answer = TLS_CRL_NO_LIST;
	bool is_known = false; /* the issuer, by whatever list */
	uint8_t issuer[TLS_CRL_HASH];
	uint8_t serial[TLS_CRL_SERIAL];
	size_t size;
	bool is_revoked;

	if (read_certificate(crt, issuer, serial, &size) < 0)
		return TLS_CRL_REVOKED;
	for (uint64_t i = 0; i < crl->header.row_count; i++) {
		struct tls_crl_row row;

		read_row(crl, i, &row);
		if (memcmp(row.issuer, issuer, sizeof issuer) != 0)
			continue;
		is_known = true;
		if (!tls_crl_scope_covers(&row.scope, crt))
			continue;
		if (row.info.next_update_s < now)
			answer = TLS_CRL_OUTDATED;
		else if (answer == TLS_CRL_NO_LIST)
			answer = TLS_CRL_GOOD;
	}
	if (!is_known)
		return answer;
	(void)tls_crl_probe(crl->slots, crl->header.slot_count,
	    tls_crl_make_slot(issuer, serial, size), &is_revoked);
	return is_revoked ? TLS_CRL_REVOKED : answer;
}

int64_t
tls_crl_this_update(const struct tls_crl *crl)
{
	return crl->oldest_s;
}

int64_t
tls_crl_next_update(const struct tls_crl *crl)
{
	return crl->next.next_update_s;
}

const char *
tls_crl_next_issuer(const struct tls_crl *crl)
{
	return crl->next.issuer;
}

size_t
tls_crl_lists(const struct tls_crl *crl)
{
	return crl->header.row_count;
}

int64_t
tls_crl_list_next_update(const struct tls_crl *crl, size_t i)
{
	struct tls_crl_row row;

	ASSERT(i < crl->header.row_count);
	read_row(crl, i, &row);
	return row.info.next_update_s;
}

uint64_t
tls_crl_entries(const struct tls_crl *crl)
{
	return crl->header.entry_count;
}
