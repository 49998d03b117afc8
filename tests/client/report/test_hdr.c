/* test_hdr: what a reader of HdrHistogram's V2 encoding would see. */
#include "client/report/hdr.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/counter.h"
#include "tests/support/suite.h"

enum {
	HEADER_SIZE = 40,
	DECODED_MAX = 32768
};

static struct hist h;
static uint8_t bytes[DECODED_MAX];
static uLongf used;

static uint64_t
big_endian(const uint8_t *at, int n)
{
	uint64_t value = 0;

	for (int i = 0; i < n; i++)
		value = value << 8 | at[i];
	return value;
}

/* Into bytes. */
static void
inflate_text(char *text)
{
	const gnutls_datum_t in = { (uint8_t *)text, (unsigned)strlen(text) };
	gnutls_datum_t out;

	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert_int_eq(gnutls_base64_decode2(&in, &out), 0);
	ck_assert_uint_eq(big_endian(out.data, 4), 0x1c849314);
	ck_assert_uint_eq(big_endian(out.data + 4, 4), out.size - 8);
	used = sizeof bytes;
	ck_assert_int_eq(
	    uncompress(bytes, &used, out.data + 8, out.size - 8), Z_OK);
	gnutls_free(out.data);
	free(text);
}

static int64_t
take_number(const uint8_t **at)
{
	uint64_t value = 0;
	unsigned shift = 0;

	for (;; shift += 7) {
		uint8_t byte = *(*at)++;

		value |= (uint64_t)(shift == 56 ? byte : byte & 0x7f) << shift;
		if (shift == 56 || byte < 0x80)
			break;
	}
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* The largest value of an index, at 256 values before the first halving. */
static uint64_t
value_at(int64_t index)
{
	unsigned shift = index < 256 ? 0 : (unsigned)(index / 128 - 1);

	return (((uint64_t)index - 128 * shift + 1) << shift) - 1;
}

/* Counts the values that they hold in a histogram of ours. */
static void
decode(struct hist *into)
{
	const uint8_t *at = bytes + HEADER_SIZE;
	int64_t index = 0;

	ck_assert_uint_eq(big_endian(bytes, 4), 0x1c849313);
	ck_assert_uint_eq(big_endian(bytes + 4, 4), used - HEADER_SIZE);
	ck_assert_uint_eq(big_endian(bytes + 8, 4), 0);
	ck_assert_uint_eq(big_endian(bytes + 12, 4), 2);
	ck_assert_uint_eq(big_endian(bytes + 16, 8), 1);
	ck_assert_uint_ge(big_endian(bytes + 24, 8), hist_max(&h));
	ck_assert_uint_eq(big_endian(bytes + 32, 8), 0x3ff0000000000000);
	while (at < bytes + used) {
		int64_t number = take_number(&at);

		ck_assert_int_ne(number, -1);
		if (number > 0)
			hist_add(
			    into, (int64_t)value_at(index), (uint64_t)number);
		index += number < 0 ? -number : 1;
	}
}

/* Of few values and of many, of all sizes; 2^42 is beyond our last bucket. */
static const int sizes[] = { 0, 1, 2, 3, 100, 10000 };

TEST_EACH(same_buckets, sizes)
{
	unsigned seed = (unsigned)sizes[_i];
	struct hist decoded = { 0 };

	for (int i = 0; i < sizes[_i]; i++)
		hist_add(&h, (int64_t)rand_r(&seed) << rand_r(&seed) % 12,
		    1 + (uint64_t)rand_r(&seed) % 1000);
	for (int i = 0; i < sizes[_i]; i++)
		hist_add(&h, i, 1);
	inflate_text(hdr_encode(&h));
	decode(&decoded);
	ck_assert_uint_eq(hist_count(&decoded), hist_count(&h));
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		ck_assert_uint_eq(counter_get(&decoded.buckets[i]),
		    counter_get(&h.buckets[i]));
	ck_assert_uint_ge(hist_max(&decoded), hist_max(&h));
	ck_assert_uint_le(hist_max(&decoded), hist_max(&h) * 129 / 128);
}

/* Our quantiles are middles of buckets, theirs the ends of smaller ones. */
TEST(same_quantiles)
{
	struct hist decoded = { 0 };

	for (int i = 1; i < 5000; i++)
		hist_add(&h, i * i, 1);
	inflate_text(hdr_encode(&h));
	decode(&decoded);
	for (int i = 1; i < 1000; i++)
		ck_assert_uint_eq(hist_quantile(&decoded, i / 1000.0),
		    hist_quantile(&h, i / 1000.0));
}

TEST(long_counts)
{
	struct hist decoded = { 0 };

	hist_add(&h, 5, UINT64_C(1) << 62);
	hist_add(&h, 6, (UINT64_C(1) << 57) + 1);
	hist_add(&h, 7, 63);
	hist_add(&h, 9, 64);
	inflate_text(hdr_encode(&h));
	decode(&decoded);
	ck_assert_uint_eq(counter_get(&decoded.buckets[5]), UINT64_C(1) << 62);
	ck_assert_uint_eq(
	    counter_get(&decoded.buckets[6]), (UINT64_C(1) << 57) + 1);
	ck_assert_uint_eq(counter_get(&decoded.buckets[7]), 63);
	ck_assert_uint_eq(counter_get(&decoded.buckets[9]), 64);
}

static void
expect_percentiles(const char *wanted)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	hdr_print_percentiles(out, &h);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(text, wanted);
	free(text);
}

#define HEAD "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"

TEST(percentiles_of_nothing)
{
	expect_percentiles(
	    HEAD "#[Mean    =     0.000000, StdDeviation   =     0.000000]\n"
		 "#[Max     =     0.000000, Total count    =            0]\n"
		 "#[Buckets =           36, SubBuckets     =           32]\n");
}

/* The steps are halved at 50 and 75 percent. */
TEST(percentiles)
{
	hist_add(&h, 20, 3);
	hist_add(&h, 1000000, 1);
	expect_percentiles(
	    HEAD "    0.000020 0.000000000000          3           1.00\n"
		 "    0.000020 0.100000000000          3           1.11\n"
		 "    0.000020 0.200000000000          3           1.25\n"
		 "    0.000020 0.300000000000          3           1.43\n"
		 "    0.000020 0.400000000000          3           1.67\n"
		 "    0.000020 0.500000000000          3           2.00\n"
		 "    0.000020 0.550000000000          3           2.22\n"
		 "    0.000020 0.600000000000          3           2.50\n"
		 "    0.000020 0.650000000000          3           2.86\n"
		 "    0.000020 0.700000000000          3           3.33\n"
		 "    0.000020 0.750000000000          3           4.00\n"
		 "    1.000000 0.775000000000          4           4.44\n"
		 "    1.000000 1.000000000000          4\n"
		 "#[Mean    =     0.250015, StdDeviation   =     0.436306]\n"
		 "#[Max     =     1.000000, Total count    =            4]\n"
		 "#[Buckets =           36, SubBuckets     =           32]\n");
}

SUITE("client/report/hdr")
