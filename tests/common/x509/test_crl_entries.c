/* test_crl_entries: the walk through a list, whole and damaged. */
#include "common/x509/crl_entries.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/pki.h"
#include "tests/support/revocation.h"
#include "tests/support/suite.h"

static struct pki root;
static struct file_bytes der = FILE_BYTES_INIT;

static void
setup(const struct revocation_options *options)
{
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	revocation_make(&der, options, &root);
}

static void
teardown(void)
{
	file_bytes_free(&der);
	pki_free(&root);
}

TEST_LOOP(serials, 6)
{
	static const size_t counts[] = { 0, 1, 2, 3, 10, 300 };
	uint8_t text[300 * 2];
	struct tls_crl_entries walk;
	struct tls_crl_entry entry;
	size_t count = 0;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * 7);
	setup(&(struct revocation_options){
	    .serials = text, .serial_size = 2, .serial_count = counts[_i] });
	ck_assert(tls_crl_entries_start(&walk, der.data, der.size));
	while (tls_crl_entries_next(&walk, &entry)) {
		ck_assert_uint_eq(entry.serial_size, 2);
		ck_assert_mem_eq(entry.serial, text + 2 * count, 2);
		ck_assert(entry.is_understood);
		count++;
	}
	ck_assert(!walk.is_malformed);
	ck_assert_uint_eq(count, counts[_i]);
	teardown();
}

/* A list with nothing but thisUpdate and the rest, which follows it. */
static size_t
write_short_list(uint8_t *list, const void *rest, size_t size)
{
	static const char head[] = "\x30\x1b\x30\x13\x30\x00\x30\x00"
				   "\x17\x0d"
				   "260101000000Z";
	static const char tail[] = "\x30\x00\x03\x02\0\0";
	size_t at = sizeof head - 1;

	memcpy(list, head, at);
	memcpy(list + at, rest, size);
	memcpy(list + at + size, tail, sizeof tail - 1);
	list[1] = (uint8_t)(list[1] + size);
	list[3] = (uint8_t)(list[3] + size);
	return at + size + sizeof tail - 1;
}

#define DATE       \
	"\x17\x0d" \
	"260101000000Z"
#define SERIAL "\x02\x01\x07"

#define BYTES(text) (text), sizeof(text) - 1

/* Of one entry with one extension; the sizes are those of the sequences. */
#define EXTENSION(list, entry, all, one, rest)                           \
	BYTES("\x30" list "\x30" entry SERIAL DATE "\x30" all "\x30" one \
	      "\x06\x01\x01" rest)

/* RFC 5280, 5.1: version, nextUpdate, entries and extensions may be missing. */
static const struct {
	const char *rest;
	size_t size;
	bool is_list, is_sound, is_understood;
} short_lists[] = {
	{ BYTES(""), true, true, true },
	{ BYTES("\xa0\x00"), true, true, true },
	{ BYTES(DATE "\x30\x00"), true, true, true },
	{ BYTES("\x05\x00"), false, false, true },
	{ BYTES("\x30\x00\x30\x00"), false, false, true },
	{ BYTES("\x30\x02\x05\x00"), true, false, true },
	{ BYTES("\x30\x05\x30\x03" SERIAL), true, false, true },
	{ BYTES("\x30\x14\x30\x12" SERIAL DATE), true, true, true },
	{ BYTES("\x30\x13\x30\x11\x02\x00" DATE), true, false, true },
	{ BYTES("\x30\x16\x30\x14" SERIAL DATE "\x05\x00"), true, false, true },
	{ BYTES("\x30\x16\x30\x14" SERIAL DATE "\x30\x00"), true, true, true },
	{ BYTES("\x30\x18\x30\x16" SERIAL DATE "\x30\x02\x30\x00"), true, false,
	    true },
	{ EXTENSION("\x1d", "\x1b", "\x07", "\x05", "\x04\x00"), true, true,
	    true },
	/* Critical is one byte: no other size may pass for "no". */
	{ EXTENSION("\x20", "\x1e", "\x0a", "\x08", "\x01\x01\xff\x04\x00"),
	    true, true, false },
	{ EXTENSION("\x20", "\x1e", "\x0a", "\x08", "\x01\x01\x00\x04\x00"),
	    true, true, true },
	{ EXTENSION("\x1f", "\x1d", "\x09", "\x07", "\x01\x00\x04\x00"), true,
	    false, true },
	{ EXTENSION("\x21", "\x1f", "\x0b", "\x09", "\x01\x02\x00\xff\x04\x00"),
	    true, false, true },
	{ EXTENSION("\x1f", "\x1d", "\x09", "\x07", "\x01\x7f\x04\x00"), true,
	    false, true },
	/* Its value comes last, and must be there. */
	{ EXTENSION("\x1e", "\x1c", "\x08", "\x06", "\x01\x01\xff"), true,
	    false, true },
	{ EXTENSION("\x1f", "\x1d", "\x09", "\x07", "\x04\x00\x05\x00"), true,
	    false, true },
};

TEST_EACH(short_list, short_lists)
{
	uint8_t list[100];
	size_t size =
	    write_short_list(list, short_lists[_i].rest, short_lists[_i].size);
	struct tls_crl_entries walk;
	struct tls_crl_entry entry;
	bool is_understood = true;

	ck_assert(tls_crl_entries_start(&walk, list, size) ==
	    short_lists[_i].is_list);
	while (tls_crl_entries_next(&walk, &entry))
		is_understood = is_understood && entry.is_understood;
	ck_assert(walk.is_malformed == !short_lists[_i].is_sound);
	ck_assert(is_understood == short_lists[_i].is_understood);
}

static const struct {
	const char *bytes;
	size_t size;
} malformed[] = {
	{ "", 0 },
	{ "\x30", 1 },
	{ "\x30\x80\0\0", 4 },
	{ "\x30\x85\1\1\1\1\1", 7 },
	{ "\x30\x84\xff\xff\xff\xff", 6 },
	{ "\x30\x82\1", 3 },
	{ "\x31\x00", 2 },
	{ "\x30\x00", 2 },
	{ "\x30\x00\x30", 3 },
	{ "\x30\x02\x30\x05", 4 },
};

TEST_EACH(not_a_list, malformed)
{
	size_t size = malformed[_i].size;
	uint8_t *copy = malloc(size + 1);
	struct tls_crl_entries walk;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy + 1, malformed[_i].bytes, size);
	ck_assert(!tls_crl_entries_start(&walk, copy + 1, size));
	free(copy);
}

/* Neither a beginning of a list is a list, nor a list and one more byte. */
TEST(wrong_size)
{
	struct tls_crl_entries walk;

	setup(&(struct revocation_options){ REVOCATION_SERIALS("abc", 1) });
	for (size_t size = 0; size <= der.size + 1; size++) {
		uint8_t *copy = calloc(1, size + 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, der.data, size < der.size ? size : der.size);
		ck_assert(tls_crl_entries_start(&walk, copy, size) ==
		    (size == der.size));
		free(copy);
	}
	teardown();
}

/* What it hands out lies within the list, whatever the bytes say. */
TEST(damaged)
{
	struct tls_crl_entries walk;
	struct tls_crl_entry entry;
	uint8_t *copy;

	setup(&(struct revocation_options){ .number = 1,
	    REVOCATION_SERIALS("abcdefgh", 2),
	    .entry_extension = "\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01"
			       "\x01",
	    .entry_extension_size = 12 });
	copy = malloc(der.size);
	ck_assert_ptr_nonnull(copy);
	srand(1);
	for (int round = 0; round < 100000; round++) {
		memcpy(copy, der.data, der.size);
		for (int i = rand() % 4; i >= 0; i--)
			copy[(size_t)rand() % der.size] = (uint8_t)rand();
		if (!tls_crl_entries_start(&walk, copy, der.size))
			continue;
		while (tls_crl_entries_next(&walk, &entry)) {
			ck_assert(entry.serial >= copy);
			ck_assert(entry.serial + entry.serial_size <=
			    copy + der.size);
		}
		ck_assert(walk.is_malformed || walk.left == 0);
	}
	free(copy);
	teardown();
}

SUITE("common/x509/crl_entries")
