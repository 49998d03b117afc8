/* crl_build: reads lists and makes the table of them; see x509/crl.h. */
#include <gnutls/gnutls.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/chain.h"
#include "common/x509/crl.h"
#include "common/x509/crl_list.h"
#include "common/x509/datum.h"
#include "common/x509/pem.h"
#include "common/x509/private.h"

static const char pem_label[] = "X509 CRL";

struct builder {
	struct tls_chain authorities;
	struct tls_crl_list *lists;
	size_t count;
};

/* Of two lists by one key: the later; the higher number; or the last read. */
static bool
supersedes(const struct tls_crl_list *new, const struct tls_crl_list *old)
{
	int64_t later =
	    new->row.info.this_update_s - old->row.info.this_update_s;

	if (later != 0)
		return later > 0;
	if (new->number_size != old->number_size)
		return new->number_size > old->number_size;
	return memcmp(new->number, old->number, new->number_size) >= 0;
}

/* Keeps the list or frees it. */
static int
keep(struct builder *b, struct tls_crl_list *list, struct errmsg *e)
{
	struct tls_crl_list *larger;

	for (size_t i = 0; i < b->count; i++) {
		struct tls_crl_list old = b->lists[i];

		if (!tls_crl_list_is_rival(list, &old))
			continue;
		if (supersedes(list, &old)) {
			b->lists[i] = *list;
			*list = old;
		}
		tls_crl_list_free(list);
		return 0;
	}
	larger = realloc(b->lists, (b->count + 1) * sizeof *larger);
	if (larger == NULL) {
		tls_crl_list_free(list);
		return errmsg_set(e, "out of memory");
	}
	b->lists = larger;
	b->lists[b->count++] = *list;
	return 0;
}

static int
add_list(struct builder *b, const gnutls_datum_t *der, struct errmsg *e)
{
	struct tls_crl_list list;

	if (tls_crl_list_read(&list, der, &b->authorities, e) < 0)
		return -1;
	return keep(b, &list, e);
}

static int
add_block(struct builder *b, const gnutls_datum_t *block, struct errmsg *e)
{
	gnutls_datum_t der;
	int error = gnutls_pem_base64_decode2(pem_label, block, &der);

	if (error < 0)
		return errmsg_set(
		    e, "the PEM block is damaged: %s", gnutls_strerror(error));
	error = add_list(b, &der, e);
	gnutls_free(der.data);
	return error;
}

static int
add_pem(struct builder *b, const struct file_bytes *file, struct errmsg *e)
{
	unsigned count = tls_pem_count(file, pem_label);
	struct tls_pem pem = tls_pem_of(file);

	while (tls_pem_next(&pem, pem_label)) {
		if (add_block(b, &pem.block, e) == 0)
			continue;
		return count == 1
		    ? -1
		    : errmsg_prepend(e, "list %u of %u, in line %zu",
			  pem.number, count, pem.line);
	}
	return tls_pem_check_end(&pem, e);
}

static int
add_file(struct builder *b, const char *path, struct errmsg *e)
{
	struct file_bytes file = FILE_BYTES_INIT;
	gnutls_datum_t der;
	int result;

	if (file_read(&file, path, FILE_MAX, e) < 0)
		return -1;
	der = tls_datum_of(&file);
	if (file.size == 0)
		result = errmsg_set(e, "is empty");
	else if (tls_pem_count(&file, pem_label) > 0)
		result = add_pem(b, &file, e);
	else
		result = add_list(b, &der, e);
	file_bytes_free(&file);
	return result < 0 ? errmsg_prepend(e, "%s", path) : 0;
}

/* An entry may come twice, in two lists of one issuer: it is kept once. */
static void
insert_entries(
    const struct tls_crl_list *list, uint8_t *slots, uint64_t slot_count)
{
	for (uint64_t i = 0; i < list->row.info.entries; i++) {
		struct tls_crl_slot slot = list->slots[i];
		bool found;
		uint64_t at = tls_crl_probe(slots, slot_count, slot, &found);

		ASSERT(at < slot_count);
		memcpy(slots + at * sizeof slot, &slot, sizeof slot);
	}
}

static int
make_table(const struct builder *b, struct file_bytes *table, struct errmsg *e)
{
	struct tls_crl_header header = { .magic = TLS_CRL_MAGIC,
		.row_count = b->count };
	uint8_t *at;
	size_t size;

	ASSERT(table->data == NULL);
	for (size_t i = 0; i < b->count; i++)
		header.entry_count += b->lists[i].row.info.entries;
	header.slot_count = 2 * header.entry_count;
	size = sizeof header + b->count * sizeof(struct tls_crl_row) +
	    header.slot_count * sizeof(struct tls_crl_slot);
	table->data = calloc(1, size + 1);
	if (table->data == NULL)
		return errmsg_set(e, "revocation lists: out of memory");
	table->size = size;
	memcpy(table->data, &header, sizeof header);
	at = table->data + sizeof header;
	for (size_t i = 0; i < b->count; i++) {
		memcpy(at, &b->lists[i].row, sizeof b->lists[i].row);
		at += sizeof b->lists[i].row;
	}
	for (size_t i = 0; i < b->count; i++)
		insert_entries(&b->lists[i], at, header.slot_count);
	return 0;
}

int
tls_crl_build(struct file_bytes *table, const char *const *paths, int count,
    const struct file_bytes *ca_pem, struct errmsg *e)
{
	struct builder b = { .authorities = TLS_CHAIN_INIT };
	int result =
	    tls_chain_import(&b.authorities, ca_pem, GNUTLS_X509_FMT_PEM);

	if (result < 0)
		return errmsg_set(e, "CA: %s", gnutls_strerror(result));
	for (int i = 0; i < count && result == 0; i++)
		result = add_file(&b, paths[i], e);
	if (result == 0)
		result = make_table(&b, table, e);
	for (size_t i = 0; i < b.count; i++)
		tls_crl_list_free(&b.lists[i]);
	free(b.lists);
	tls_chain_free(&b.authorities);
	/*
	 * GnuTLS takes 27 bytes for each byte of a list, in small pieces that
	 * malloc would keep: 90 MB for 100,000 entries, in each fork, too.
	 */
	(void)malloc_trim(0);
	return result;
}
