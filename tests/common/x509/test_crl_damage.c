/* test_crl_damage: tables that are not what was built. */
#include "common/x509/crl.h"

#include <stdlib.h>
#include <string.h>

#include "common/x509/private.h"
#include "tests/support/crl_case.h"
#include "tests/support/suite.h"

static struct crl_case c;
static struct pki leaf;
static struct tls_crl *crl;

/* A table of one list with so many entries. */
static void
setup(size_t count)
{
	struct revocation_options options = { REVOCATION_SERIALS("abc", 1) };

	crl_case_begin(&c);
	pki_make(&leaf, &PKI_CLIENT("leaf"), &c.root);
	options.serial_count = count;
	crl_case_write("f", &options, &c.root);
	crl_case_build(&c, (const char *[]){ "f" }, 1);
}

static void
teardown(void)
{
	ck_assert_ptr_null(crl);
	pki_free(&leaf);
	crl_case_end(&c);
}

/* Every shorter table, and one that is a byte longer. */
TEST(wrong_size)
{
	setup(1);
	for (size_t size = 0; size <= c.table.size + 1; size++) {
		if (size == c.table.size)
			continue;
		ck_assert_int_eq(
		    tls_crl_open(&crl, c.table.data, size, &c.e), -1);
		ck_assert_str_eq(c.e.text, "revocation table: is damaged");
	}
	teardown();
}

/* Counts whose products overflow to the right size. */
TEST_LOOP(wrong_counts, 9)
{
	static const uint64_t counts[][3] = {
		{ 0, 2, 1 },
		{ 2, 2, 1 },
		{ UINT64_MAX, 2, 1 },
		{ 1 + (UINT64_C(1) << 57), 2, 1 },
		{ 1, 1, 0 },
		{ 1, 2 + (UINT64_C(1) << 60), 1 },
		{ 1, UINT64_MAX, 1 },
		{ 1, 2, 2 },
		{ 1, 2, UINT64_MAX },
	};
	struct tls_crl_header header;

	setup(1);
	memcpy(&header, c.table.data, sizeof header);
	ck_assert_uint_eq(header.row_count, 1);
	ck_assert_uint_eq(header.slot_count, 2);
	ck_assert_uint_eq(header.entry_count, 1);
	header.row_count = counts[_i][0];
	header.slot_count = counts[_i][1];
	header.entry_count = counts[_i][2];
	memcpy(c.table.data, &header, sizeof header);
	ck_assert_int_eq(
	    tls_crl_open(&crl, c.table.data, c.table.size, &c.e), -1);
	teardown();
}

static void
use(const uint8_t *bytes, size_t size)
{
	if (tls_crl_open(&crl, bytes, size, &c.e) < 0)
		return;
	(void)tls_crl_check(crl, leaf.crt, time(NULL));
	(void)tls_crl_next_update(crl);
	(void)tls_crl_entries(crl);
	ck_assert_uint_lt(strlen(tls_crl_next_issuer(crl)), TLS_CRL_NAME);
	tls_crl_close(&crl);
}

/* Damage is refused or harmless; a full table must not be searched for ever. */
TEST(damaged)
{
	uint8_t *copy;
	size_t slots;

	setup(3);
	copy = malloc(c.table.size);
	ck_assert_ptr_nonnull(copy);
	srand(1);
	for (int round = 0; round < 20000; round++) {
		memcpy(copy, c.table.data, c.table.size);
		for (int i = rand() % 8; i >= 0; i--)
			copy[(size_t)rand() % c.table.size] = (uint8_t)rand();
		use(copy, c.table.size);
	}
	memcpy(copy, c.table.data, c.table.size);
	slots = sizeof(struct tls_crl_header) + sizeof(struct tls_crl_row);
	memset(copy + slots, 0x55, c.table.size - slots);
	use(copy, c.table.size);
	memset(copy, 0, c.table.size);
	use(copy, c.table.size);
	memset(copy, 0xff, c.table.size);
	use(copy, c.table.size);
	free(copy);
	teardown();
}

SUITE("common/x509/crl_damage")
