/* hist_json: sparse buckets, read with distrust; see the header. */
#include "client/runs/hist_json.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/counter.h"

enum {
	NUMBERS_SIZE = 20 /* bytes of a packed bucket, at most */
};

/* Instead of "buckets"; hist_json_pack overwrites whatever a file has there. */
static const char packed_key[] = "packed";

/* What has been read. */
struct buckets {
	uint64_t total;
	int last; /* index; -1: there was none */
};

static int
read_number(const json_t *object, const char *key, _Atomic uint64_t *value,
    const char *name, struct errmsg *e)
{
	const json_t *number = json_object_get(object, key);

	if (!json_is_integer(number) || json_integer_value(number) < 0)
		return errmsg_set(
		    e, "%s.%s: an integer from 0 on is missing", name, key);
	counter_set(value, (uint64_t)json_integer_value(number));
	return 0;
}

static int
read_head(
    struct hist *h, const json_t *value, const char *name, struct errmsg *e)
{
	if (read_number(value, "count", &h->count, name, e) < 0 ||
	    read_number(value, "sum", &h->sum, name, e) < 0)
		return -1;
	return read_number(value, "max", &h->max, name, e);
}

static int
read_bucket(struct hist *h, struct buckets *b, const json_t *pair,
    const char *name, size_t nth, struct errmsg *e)
{
	const json_t *index = json_array_get(pair, 0);
	const json_t *count = json_array_get(pair, 1);
	json_int_t i = json_integer_value(index);
	json_int_t n = json_integer_value(count);

	if (json_array_size(pair) != 2 || !json_is_integer(index) ||
	    !json_is_integer(count) || n < 1)
		return errmsg_set(e,
		    "%s.buckets[%zu]: not an index and a count from 1 on", name,
		    nth);
	if (i <= b->last || i >= HIST_BUCKETS)
		return errmsg_set(e,
		    "%s.buckets[%zu]: the index is not from %d to %d", name,
		    nth, b->last + 1, HIST_BUCKETS - 1);
	if (b->total + (uint64_t)n > INT64_MAX)
		return errmsg_set(
		    e, "%s.buckets[%zu]: the sum is too large", name, nth);
	b->last = (int)i;
	b->total += (uint64_t)n;
	counter_set(&h->buckets[i], (uint64_t)n);
	return 0;
}

static int
check_together(const struct hist *h, const struct buckets *b, const char *name,
    struct errmsg *e)
{
	if (b->total != hist_count(h))
		return errmsg_set(e,
		    "%s.count: %" PRIu64 ", but the buckets hold %" PRIu64,
		    name, hist_count(h), b->total);
	if (b->last > (int)hist_bucket(hist_max(h)))
		return errmsg_set(e, "%s.max: below the last bucket", name);
	return 0;
}

int
hist_json_read(
    struct hist *h, const json_t *value, const char *name, struct errmsg *e)
{
	const json_t *list = json_object_get(value, "buckets");
	struct buckets b = { .last = -1 };
	const json_t *pair;
	size_t i;

	memset(h, 0, sizeof *h);
	if (read_head(h, value, name, e) < 0)
		return -1;
	if (!json_is_array(list))
		return errmsg_set(e, "%s.buckets: a list is missing", name);
	json_array_foreach(list, i, pair)
		if (read_bucket(h, &b, pair, name, i, e) < 0)
			return -1;
	return check_together(h, &b, name, e);
}

/* The largest value that can be in a bucket, given the maximum of all. */
static double
bucket_high(const struct hist *h, unsigned i)
{
	uint64_t high =
	    i < HIST_BUCKETS - 1 ? hist_bucket_low(i + 1) - 1 : UINT64_MAX;

	return (double)(high < hist_max(h) ? high : hist_max(h));
}

/* There is room for the rounding of doubles. */
int
hist_json_check_sum(const struct hist *h, const char *name, struct errmsg *e)
{
	double sum = (double)counter_get(&h->sum);
	double least = 0;
	double most = 0;

	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		double n = (double)counter_get(&h->buckets[i]);

		least += n * (double)hist_bucket_low(i);
		most += n * bucket_high(h, i);
	}
	if (sum < least * (1 - 1e-9) || sum > most * (1 + 1e-9))
		return errmsg_set(
		    e, "%s.sum: not what the buckets can come to", name);
	return 0;
}

/* As in LEB128: seven bits a byte, the lowest first. */
static size_t
put_number(char *to, uint64_t n)
{
	size_t size = 0;

	for (; n >= 0x80; n >>= 7)
		to[size++] = (char)(n | 0x80);
	to[size++] = (char)n;
	return size;
}

static uint64_t
get_number(const char **at)
{
	uint64_t n = 0;
	unsigned char byte;

	for (unsigned shift = 0;; shift += 7) {
		byte = (unsigned char)*(*at)++;
		n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return n;
	}
}

int
hist_json_pack(json_t *value, struct errmsg *e)
{
	static _Thread_local char packed[HIST_BUCKETS * NUMBERS_SIZE];
	const json_t *pair;
	size_t size = 0;
	size_t i;

	json_array_foreach(json_object_get(value, "buckets"), i, pair)
		for (size_t n = 0; n < 2; n++)
			size += put_number(packed + size,
			    (uint64_t)json_integer_value(
				json_array_get(pair, n)));
	if (json_object_set_new_nocheck(
		value, packed_key, json_stringn_nocheck(packed, size)) < 0)
		return errmsg_set(e, "out of memory");
	(void)json_object_del(value, "buckets");
	return 0;
}

void
hist_json_get(struct hist *h, const json_t *value)
{
	const json_t *packed = json_object_get(value, packed_key);
	const char *at = json_string_value(packed);
	const char *end = at + json_string_length(packed);
	struct errmsg none;

	if (at == NULL) {
		ASSERT(hist_json_read(h, value, "", &none) == 0);
		return;
	}
	memset(h, 0, sizeof *h);
	ASSERT(read_head(h, value, "", &none) == 0);
	while (at < end) {
		uint64_t index = get_number(&at);

		ASSERT(index < HIST_BUCKETS);
		counter_set(&h->buckets[index], get_number(&at));
	}
}

/* Two numbers of 63 bits never wrap. */
int
hist_json_add(
    struct hist *into, const json_t *value, const char *name, struct errmsg *e)
{
	struct hist h;

	if (value == NULL)
		return 0;
	hist_json_get(&h, value);
	hist_merge(into, &h);
	if (counter_get(&into->count) > INT64_MAX ||
	    counter_get(&into->sum) > INT64_MAX)
		return errmsg_set(e, "%s: the sum is too large", name);
	return 0;
}

static json_t *
integer(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *
make_buckets(const struct hist *h)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < HIST_BUCKETS; i++) {
		uint64_t n = counter_get(&h->buckets[i]);

		if (n > 0 &&
		    json_array_append_new(list,
			json_pack("[I,I]", (json_int_t)i, (json_int_t)n)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
hist_json_make(const struct hist *h)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "count",
	    integer(hist_count(h)), "sum", integer(counter_get(&h->sum)), "max",
	    integer(hist_max(h)), "buckets", make_buckets(h));
}

json_t *
hist_json_make_layout(void)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:i}", "kind", "log-linear",
	    "unit", "ns", "sub_bits", HIST_SUB_BITS, "value_bits",
	    HIST_VALUE_BITS, "buckets", HIST_BUCKETS);
}
