/*
 * hdr: the layout of HdrHistogram for values from 1 at 2 significant digits,
 * without a histogram of it: our buckets and its indices ascend together.
 */
#include "client/report/hdr.h"

#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/assertion.h"
#include "common/base/counter.h"
#include "common/x509/base64.h"

enum {
	DIGITS = 2,
	SUB_BITS = 8, /* the first power of two from 2 * 10^DIGITS */
	HALF_BITS = SUB_BITS - 1,
	NUMBER_MAX = 9, /* bytes of a number */
	HEADER_SIZE = 40,
	TICKS = 5 /* lines for each halving */
};

static const uint32_t cookie = 0x1c849313;
static const uint32_t deflated_cookie = 0x1c849314;

struct encoder {
	unsigned next; /* index that comes next */
	size_t used;
	/* A run of zeros and a count for each bucket, and for the maximum. */
	uint8_t bytes[HEADER_SIZE + 2 * NUMBER_MAX * (HIST_BUCKETS + 1)];
};

static unsigned
index_of(uint64_t value)
{
	uint64_t low_bits = (UINT64_C(1) << SUB_BITS) - 1;
	unsigned shift =
	    64 - SUB_BITS - (unsigned)__builtin_clzll(value | low_bits);

	return (shift << HALF_BITS) + (unsigned)(value >> shift);
}

/* Seven bits a byte, the lowest first; the ninth byte has all eight of them. */
static void
put_number(struct encoder *c, int64_t number)
{
	uint64_t rest = ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);

	for (int i = 1; i < NUMBER_MAX && rest > 0x7f; i++) {
		c->bytes[c->used++] = (uint8_t)(rest | 0x80);
		rest >>= 7;
	}
	c->bytes[c->used++] = (uint8_t)rest;
}

/* Indices ascend. More than one 0 is the negative number of them. */
static void
put_count(struct encoder *c, unsigned index, uint64_t count)
{
	int64_t zeros = (int64_t)index - (int64_t)c->next;

	ASSERT(zeros >= 0);
	if (zeros > 0)
		put_number(c, zeros > 1 ? -zeros : 0);
	put_number(c, (int64_t)count);
	c->next = index + 1;
}

/* What all values of a bucket are told as. */
static uint64_t
value_of(unsigned bucket, uint64_t max)
{
	uint64_t middle = hist_bucket_middle(bucket);
	uint64_t below = middle - hist_bucket_low(bucket) > 1 ? 1 : 0;

	return middle - below < max ? middle - below : max;
}

/* One of them is the maximum. */
static void
put_last(struct encoder *c, uint64_t value, uint64_t count, uint64_t max)
{
	if (index_of(value) == index_of(max)) {
		put_count(c, index_of(max), count);
		return;
	}
	if (count > 1)
		put_count(c, index_of(value), count - 1);
	put_count(c, index_of(max), 1);
}

static void
put_counts(struct encoder *c, const struct hist *h)
{
	uint64_t max = hist_max(h);
	unsigned last = HIST_BUCKETS;

	while (last > 0 && counter_get(&h->buckets[last - 1]) == 0)
		last--;
	if (last == 0) {
		put_count(c, 0, 0);
		return;
	}
	for (unsigned i = 0; i < last; i++) {
		uint64_t n = counter_get(&h->buckets[i]);

		if (n > 0 && i < last - 1)
			put_count(c, index_of(value_of(i, max)), n);
		else if (n > 0)
			put_last(c, value_of(i, max), n, max);
	}
}

static void
put_32(uint8_t *at, uint32_t value)
{
	uint32_t big = htobe32(value);

	memcpy(at, &big, sizeof big);
}

static void
put_64(uint8_t *at, uint64_t value)
{
	uint64_t big = htobe64(value);

	memcpy(at, &big, sizeof big);
}

/* Big-endian, as all of it. */
static void
put_header(struct encoder *c, const struct hist *h)
{
	uint64_t max = hist_max(h) > HIST_MAX ? hist_max(h) : HIST_MAX;
	double ratio = 1;
	uint64_t bits;

	memcpy(&bits, &ratio, sizeof bits);
	put_32(c->bytes, cookie);
	put_32(c->bytes + 4, (uint32_t)(c->used - HEADER_SIZE));
	put_32(c->bytes + 8, 0); /* no index is shifted */
	put_32(c->bytes + 12, DIGITS);
	put_64(c->bytes + 16, 1); /* the lowest value */
	put_64(c->bytes + 24, max);
	put_64(c->bytes + 32, bits);
}

static char *
deflate_and_encode(const struct encoder *c)
{
	uLongf size = compressBound((uLong)c->used);
	uint8_t *bytes = malloc(8 + size);
	char *text = NULL;

	if (bytes != NULL &&
	    compress(bytes + 8, &size, c->bytes, (uLong)c->used) == Z_OK) {
		put_32(bytes, deflated_cookie);
		put_32(bytes + 4, (uint32_t)size);
		text = tls_base64_encode(bytes, 8 + size);
	}
	free(bytes);
	return text;
}

char *
hdr_encode(const struct hist *h)
{
	struct encoder *c = malloc(sizeof *c);
	char *text;

	if (c == NULL)
		return NULL;
	c->next = 0;
	c->used = HEADER_SIZE;
	put_counts(c, h);
	put_header(c, h);
	text = deflate_and_encode(c);
	free(c);
	return text;
}

static double
in_ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

/* The next one after a level of so many percent. */
static double
next_level(double level)
{
	double ticks = TICKS * 2 * exp2(floor(log2(100 / (100 - level))));

	return level + 100 / ticks;
}

static void
print_lines(FILE *out, const struct hist *h, uint64_t total)
{
	double level = 0;
	uint64_t seen = 0;

	for (unsigned i = 0; i < HIST_BUCKETS && seen < total; i++) {
		uint64_t n = counter_get(&h->buckets[i]);

		seen += n;
		while (n > 0 && 100.0 * (double)seen / (double)total >= level) {
			fprintf(out, "%12.6f %2.12f %10" PRIu64 " %14.2f\n",
			    in_ms(value_of(i, hist_max(h))), level / 100, seen,
			    1 / (1 - level / 100));
			level = next_level(level);
			if (seen == total)
				break;
		}
	}
	if (total > 0)
		fprintf(out, "%12.6f %2.12f %10" PRIu64 "\n",
		    in_ms(hist_max(h)), 1.0, total);
}

void
hdr_print_percentiles(FILE *out, const struct hist *h)
{
	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
	    "TotalCount", "1/(1-Percentile)");
	print_lines(out, h, hist_count(h));
	fprintf(out, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n",
	    hist_mean(h) / 1e6, hist_stdev(h) / 1e6);
	fprintf(out, "#[Max     = %12.6f, Total count    = %12" PRIu64 "]\n",
	    in_ms(hist_max(h)), hist_count(h));
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
	    HIST_BUCKETS / HIST_SUB, HIST_SUB);
}
