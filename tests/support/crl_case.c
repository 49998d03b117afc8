/* crl_case: the beginning of a case about revocation lists; see the header. */
#include "tests/support/crl_case.h"

#include <check.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/x509/private.h"
#include "tests/support/scratch.h"

void
crl_case_begin(struct crl_case *c)
{
	scratch_enter();
	memset(c, 0, sizeof *c);
	pki_make(&c->root, &(struct pki_options){ .name = "root" }, NULL);
	pki_append_cert(&c->ca, &c->root);
}

void
crl_case_end(struct crl_case *c)
{
	file_bytes_free(&c->table);
	file_bytes_free(&c->ca);
	pki_free(&c->root);
	scratch_leave();
}

void
crl_case_write_bytes(const char *path, const struct file_bytes *b)
{
	struct errmsg e = { "" };
	int result =
	    file_write_atomically(path, b->data, b->size, 0600, true, &e);

	ck_assert_msg(result == 0, "%s", e.text);
}

void
crl_case_write(const char *path, const struct revocation_options *options,
    const struct pki *issuer)
{
	struct file_bytes der = FILE_BYTES_INIT;

	revocation_make(&der, options, issuer);
	crl_case_write_bytes(path, &der);
	file_bytes_free(&der);
}

void
crl_case_build(struct crl_case *c, const char *const *paths, int count)
{
	int result = tls_crl_build(&c->table, paths, count, &c->ca, &c->e);

	ck_assert_msg(result == 0, "%s", c->e.text);
}

void
crl_case_expect(struct crl_case *c, const char *text)
{
	const char *path = "f";

	if (text == NULL) {
		crl_case_build(c, &path, 1);
		return;
	}
	ck_assert_int_eq(tls_crl_build(&c->table, &path, 1, &c->ca, &c->e), -1);
	ck_assert_str_eq(c->e.text, text);
	ck_assert_ptr_null(c->table.data);
	ck_assert_uint_eq(c->table.size, 0);
}

bool
crl_case_has(const struct crl_case *c, const struct pki *issuer, uint8_t serial)
{
	size_t offset = sizeof(struct tls_crl_header);
	struct tls_crl_header header;
	uint8_t hash[TLS_CRL_HASH];
	gnutls_datum_t name;
	bool found;

	memcpy(&header, c->table.data, sizeof header);
	offset += header.row_count * sizeof(struct tls_crl_row);
	ck_assert_int_eq(gnutls_x509_crt_get_raw_dn(issuer->crt, &name), 0);
	tls_crl_hash(name.data, name.size, hash);
	gnutls_free(name.data);
	(void)tls_crl_probe(c->table.data + offset, header.slot_count,
	    tls_crl_make_slot(hash, &serial, 1), &found);
	return found;
}

uint64_t
crl_case_lists(const struct crl_case *c)
{
	struct tls_crl_header header;

	memcpy(&header, c->table.data, sizeof header);
	return header.row_count;
}
