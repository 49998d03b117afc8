/* test_crl: lookups in tables of revoked certificates. */
#include "common/x509/crl.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/x509/private.h"
#include "tests/support/crl_case.h"
#include "tests/support/suite.h"

enum {
	HOUR_S = 3600,
	MANY = 100000
};

static struct crl_case c;
static struct pki leaf;
static struct tls_crl *crl;

/* The serial number of the leaf, as GnuTLS writes it. */
static uint8_t serial[TLS_CRL_SERIAL];
static size_t serial_size;

static void
setup(void)
{
	crl_case_begin(&c);
	pki_make(&leaf, &PKI_CLIENT("leaf"), &c.root);
	serial_size = sizeof serial;
	ck_assert_int_eq(
	    gnutls_x509_crt_get_serial(leaf.crt, serial, &serial_size), 0);
}

static void
teardown(void)
{
	tls_crl_close(&crl);
	ck_assert_ptr_null(crl);
	pki_free(&leaf);
	crl_case_end(&c);
}

static void
build_and_open(const char *const *paths, int count)
{
	int result;

	crl_case_build(&c, paths, count);
	result = tls_crl_open(&crl, c.table.data, c.table.size, &c.e);
	ck_assert_msg(result == 0, "%s", c.e.text);
}

static void
open_list(const struct revocation_options *options)
{
	const char *path = "list.crl";

	crl_case_write(path, options, &c.root);
	build_and_open(&path, 1);
}

TEST(good)
{
	setup();
	open_list(&(struct revocation_options){
	    REVOCATION_SERIALS("\x70\x01\x70\x02\x70\x03", 2) });
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_GOOD);
	ck_assert_uint_eq(tls_crl_entries(crl), 3);
	teardown();
}

TEST(empty_list)
{
	setup();
	open_list(&(struct revocation_options){ .number = 1 });
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_GOOD);
	ck_assert_uint_eq(tls_crl_entries(crl), 0);
	teardown();
}

TEST(no_list)
{
	setup();
	build_and_open(NULL, 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_NO_LIST);
	ck_assert_int_eq(tls_crl_next_update(crl), 0);
	ck_assert_str_eq(tls_crl_next_issuer(crl), "");
	teardown();
}

/* The same serial number under another issuer is another certificate. */
TEST(other_issuer)
{
	struct pki other;
	struct pki stranger;

	setup();
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	pki_make(&stranger, &PKI_CLIENT("leaf"), &other);
	open_list(&(struct revocation_options){
	    .serials = serial, .serial_size = serial_size, .serial_count = 1 });
	ck_assert_int_eq(
	    tls_crl_check(crl, stranger.crt, time(NULL)), TLS_CRL_NO_LIST);
	pki_free(&stranger);
	pki_free(&other);
	teardown();
}

/* At the second of nextUpdate a list is current, and one later it is not. */
TEST(outdated)
{
	time_t now;

	setup();
	open_list(&(struct revocation_options){
	    .from_s = -2 * HOUR_S, .until_s = -HOUR_S });
	now = tls_crl_next_update(crl);
	ck_assert_int_ge(now, time(NULL) - HOUR_S - 10);
	ck_assert_int_le(now, time(NULL) - HOUR_S);
	ck_assert_int_eq(tls_crl_check(crl, leaf.crt, now), TLS_CRL_GOOD);
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, now + 1), TLS_CRL_OUTDATED);
	teardown();
}

/* By a list of today and by an outdated one. */
TEST(revoked)
{
	setup();
	open_list(&(struct revocation_options){
	    .serials = serial, .serial_size = serial_size, .serial_count = 1 });
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_REVOKED);
	ck_assert_int_eq(tls_crl_check(crl, leaf.crt, time(NULL) + 2 * HOUR_S),
	    TLS_CRL_REVOKED);
	teardown();
}

/* A list may write the serial number with other zeros than the certificate. */
TEST_LOOP(leading_zeros, 6)
{
	uint8_t other[TLS_CRL_SERIAL] = { 0 };
	size_t zeros = 0;

	setup();
	while (serial[zeros] == 0)
		zeros++;
	memcpy(other + _i, serial + zeros, serial_size - zeros);
	open_list(&(struct revocation_options){ .serials = other,
	    .serial_size = (size_t)_i + serial_size - zeros,
	    .serial_count = 1 });
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_REVOKED);
	teardown();
}

TEST(slots_of_serials)
{
	static const uint8_t issuer[TLS_CRL_HASH] = { 1 };
	static const uint8_t other[TLS_CRL_HASH] = { 2 };
	struct tls_crl_slot plain =
	    tls_crl_make_slot(issuer, (const uint8_t *)"a", 1);
	struct tls_crl_slot padded =
	    tls_crl_make_slot(issuer, (const uint8_t *)"\0a", 2);
	struct tls_crl_slot longer =
	    tls_crl_make_slot(issuer, (const uint8_t *)"a\0", 2);
	struct tls_crl_slot of_other =
	    tls_crl_make_slot(other, (const uint8_t *)"a", 1);
	struct tls_crl_slot zero =
	    tls_crl_make_slot(issuer, (const uint8_t *)"", 1);
	struct tls_crl_slot none =
	    tls_crl_make_slot(issuer, (const uint8_t *)"", 0);

	ck_assert_mem_eq(&plain, &padded, sizeof plain);
	ck_assert_mem_ne(&plain, &longer, sizeof plain);
	ck_assert_mem_ne(&plain, &of_other, sizeof plain);
	ck_assert_mem_eq(&zero, &none, sizeof plain);
}

/* A certificate that says nothing of itself must not pass. */
TEST(unreadable_certificate)
{
	gnutls_x509_crt_t nothing;

	setup();
	open_list(&(struct revocation_options){ .number = 1 });
	ck_assert_int_eq(gnutls_x509_crt_init(&nothing), 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, nothing, time(NULL)), TLS_CRL_REVOKED);
	gnutls_x509_crt_deinit(nothing);
	teardown();
}

TEST(facts_of_a_list)
{
	time_t now = time(NULL);

	setup();
	open_list(
	    &(struct revocation_options){ REVOCATION_SERIALS("\x70\x71", 1) });
	ck_assert_str_eq(tls_crl_next_issuer(crl), "CN=root");
	ck_assert_int_ge(tls_crl_next_update(crl), now + HOUR_S);
	ck_assert_int_le(tls_crl_next_update(crl), time(NULL) + HOUR_S);
	ck_assert_uint_eq(tls_crl_entries(crl), 2);
	teardown();
}

/* Each of many is found, and none beside them. */
TEST_WITH(many, .limit_s = 60)
{
	uint8_t *serials = calloc(MANY, 4);
	const uint8_t *row;
	uint8_t issuer[TLS_CRL_HASH];
	uint64_t slots = (uint64_t)2 * MANY;
	bool found;

	setup();
	ck_assert_ptr_nonnull(serials);
	for (uint32_t i = 0; i < MANY; i++)
		memcpy(serials + (size_t)4 * i,
		    (uint8_t[4]){ 0x7f, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
			(uint8_t)i },
		    4);
	open_list(&(struct revocation_options){
	    .serials = serials, .serial_size = 4, .serial_count = MANY });
	ck_assert_uint_eq(tls_crl_entries(crl), MANY);
	ck_assert_uint_eq(c.table.size,
	    sizeof(struct tls_crl_header) + sizeof(struct tls_crl_row) +
		slots * sizeof(struct tls_crl_slot));
	row = c.table.data + sizeof(struct tls_crl_header);
	memcpy(issuer, row, sizeof issuer);
	row += sizeof(struct tls_crl_row);
	for (size_t i = 0; i < MANY; i++) {
		uint8_t *one = serials + 4 * i;

		(void)tls_crl_probe(
		    row, slots, tls_crl_make_slot(issuer, one, 4), &found);
		ck_assert(found);
		one[0] = 0x7e;
		(void)tls_crl_probe(
		    row, slots, tls_crl_make_slot(issuer, one, 4), &found);
		ck_assert(!found);
	}
	free(serials);
	teardown();
}

/* At any address; the copy ends where its memory ends, for the sanitizer. */
TEST_LOOP(any_alignment, 8)
{
	uint8_t *copy;

	setup();
	open_list(&(struct revocation_options){
	    .serials = serial, .serial_size = serial_size, .serial_count = 1 });
	tls_crl_close(&crl);
	copy = malloc(c.table.size + (size_t)_i);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy + _i, c.table.data, c.table.size);
	ck_assert_int_eq(tls_crl_open(&crl, copy + _i, c.table.size, &c.e), 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, leaf.crt, time(NULL)), TLS_CRL_REVOKED);
	teardown();
	free(copy);
}

SUITE("common/x509/crl")
