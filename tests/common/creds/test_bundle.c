/* test_bundle: bundles sealed in memory. */
#include "common/creds/bundle.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"

static struct errmsg e;

static void
set(struct file_bytes *b, const char *text)
{
	ck_assert_int_eq(file_bytes_append(b, text, strlen(text)), 0);
}

/* Two identities, and all else that there can be. */
static void
fill(struct tls_bundle *b)
{
	*b = (struct tls_bundle)TLS_BUNDLE_INIT;
	set(&b->ca, "ca!");
	set(&b->key_pairs[0].cert, "cert");
	set(&b->key_pairs[0].key, "key");
	set(&b->key_pairs[1].cert, "second cert");
	set(&b->key_pairs[1].key, "second key");
	b->key_pair_count = 2;
	set(&b->rules, "cn alice");
	set(&b->crl, "table of the revoked");
}

static void
same(const struct file_bytes *a, const struct file_bytes *b)
{
	ck_assert_uint_eq(a->size, b->size);
	if (a->size > 0)
		ck_assert_mem_eq(a->data, b->data, a->size);
}

static void
same_bundles(const struct tls_bundle *a, const struct tls_bundle *b)
{
	same(&a->ca, &b->ca);
	same(&a->rules, &b->rules);
	same(&a->crl, &b->crl);
	same(&a->ticket_keys, &b->ticket_keys);
	ck_assert_int_eq(a->key_pair_count, b->key_pair_count);
	for (int i = 0; i < TLS_KEY_PAIRS_MAX; i++) {
		same(&a->key_pairs[i].cert, &b->key_pairs[i].cert);
		same(&a->key_pairs[i].key, &b->key_pairs[i].key);
	}
}

TEST_LOOP(sealed_and_opened, 3)
{
	struct tls_bundle b = TLS_BUNDLE_INIT, again = TLS_BUNDLE_INIT;
	int fd;

	if (_i > 0)
		fill(&b);
	if (_i > 1)
		ck_assert_int_eq(tls_bundle_new_ticket_key(&b, &e), 0);
	fd = tls_bundle_seal(&b, &e);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	/* Twice, as by two workers: the offset is neither used nor moved. */
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(lseek(fd, i * 7, SEEK_SET), i * 7);
		ck_assert_int_eq(tls_bundle_open(&again, fd, &e), 0);
		ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), i * 7);
		same_bundles(&b, &again);
		tls_bundle_free(&again);
	}
	ck_assert_int_lt(ftruncate(fd, 0), 0);
	ck_assert_int_lt(pwrite(fd, "x", 1, 0), 0);
	(void)close(fd);
	tls_bundle_free(&b);
}

/* The revocation table is mapped where it lies, and nothing else with it. */
TEST(table_is_mapped)
{
	struct tls_bundle b, again = TLS_BUNDLE_INIT;
	int fd;

	fill(&b);
	fd = tls_bundle_seal(&b, &e);
	ck_assert_int_eq(tls_bundle_open(&again, fd, &e), 0);
	ck_assert_ptr_nonnull(again.map);
	ck_assert_ptr_eq(again.map, again.crl.data);
	(void)close(fd); /* the mapping stays */
	same(&b.crl, &again.crl);
	tls_bundle_free(&again);
	ck_assert_ptr_null(again.crl.data);
	tls_bundle_free(&b);
}

/* An image of a sealed bundle that can be changed. */
static int
copy_of_sealed(uint8_t *image, size_t room, size_t *size)
{
	struct tls_bundle b;
	struct stat st;
	int copy = memfd_create("copy", MFD_CLOEXEC);
	int fd;

	fill(&b);
	fd = tls_bundle_seal(&b, &e);
	ck_assert_int_eq(fstat(fd, &st), 0);
	*size = (size_t)st.st_size;
	ck_assert_uint_le(*size, room);
	ck_assert_int_eq(pread(fd, image, *size, 0), (ssize_t)*size);
	ck_assert_int_eq(pwrite(copy, image, *size, 0), (ssize_t)*size);
	(void)close(fd);
	tls_bundle_free(&b);
	return copy;
}

TEST(cut_short)
{
	static uint8_t image[1 << 16];
	struct tls_bundle b = TLS_BUNDLE_INIT;
	size_t size;
	int fd = copy_of_sealed(image, sizeof image, &size);

	ck_assert_int_eq(tls_bundle_open(&b, fd, &e), 0);
	tls_bundle_free(&b);
	for (off_t cut = (off_t)size - 1; cut >= 0; cut -= 13) {
		ck_assert_int_eq(ftruncate(fd, cut), 0);
		ck_assert_int_eq(tls_bundle_open(&b, fd, &e), -1);
		ck_assert_ptr_null(b.ca.data);
		ck_assert_ptr_null(b.crl.data);
	}
	(void)close(fd);
	ck_assert_int_eq(tls_bundle_open(&b, -1, &e), -1);
}

/* Whatever the head says, nothing outside the file is touched. */
TEST(head_that_lies)
{
	static uint8_t image[1 << 16];
	static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct tls_bundle b = TLS_BUNDLE_INIT;
	size_t size;
	int fd = copy_of_sealed(image, sizeof image, &size);
	int refused = 0;

	for (off_t at = 0; at < 8 + 20 * 16; at++) {
		for (size_t i = 0; i < sizeof values; i++) {
			ck_assert_int_eq(pwrite(fd, &values[i], 1, at), 1);
			refused += tls_bundle_open(&b, fd, &e) < 0;
			tls_bundle_free(&b);
		}
		ck_assert_int_eq(pwrite(fd, image + at, 1, at), 1);
	}
	ck_assert_int_gt(refused, 500);
	(void)close(fd);
}

TEST(ticket_keys_differ)
{
	struct tls_bundle a = TLS_BUNDLE_INIT, b = TLS_BUNDLE_INIT;

	ck_assert_int_eq(tls_bundle_new_ticket_key(&a, &e), 0);
	ck_assert_int_eq(tls_bundle_new_ticket_key(&b, &e), 0);
	ck_assert_uint_eq(a.ticket_keys.size, 64);
	ck_assert_mem_ne(a.ticket_keys.data, b.ticket_keys.data, 64);
	tls_bundle_free(&a);
	tls_bundle_free(&b);
}

/* Who gets the one has nothing of the other. */
TEST(keys_apart)
{
	struct tls_bundle b = TLS_BUNDLE_INIT, keys = TLS_BUNDLE_INIT;
	struct tls_bundle again = TLS_BUNDLE_INIT;
	int fd;

	fill(&b);
	ck_assert_int_eq(tls_bundle_split(&b, &keys, 7, &e), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(b.key_pairs[i].key.size, 0);
		ck_assert_uint_gt(b.key_pairs[i].cert.size, 0);
		ck_assert_uint_gt(keys.key_pairs[i].key.size, 0);
		same(&b.key_pairs[i].cert, &keys.key_pairs[i].cert);
	}
	ck_assert_uint_eq(keys.ca.size, 0);
	fd = tls_bundle_seal(&keys, &e);
	ck_assert_int_eq(tls_bundle_open(&again, fd, &e), 0);
	same_bundles(&keys, &again);
	ck_assert_uint_eq(again.keys_id, 7);
	ck_assert_uint_eq(b.keys_id, 7);
	tls_bundle_free(&again);
	ck_assert_uint_eq(again.keys_id, 0);
	tls_bundle_free(&keys);
	tls_bundle_free(&b);
	(void)close(fd);
}

SUITE("common/creds/bundle")
