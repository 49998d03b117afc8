/* json_maker: jansson, with failures kept for later; see the header. */
#include "client/report/json_maker.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hist.h"
#include "common/base/printable.h"

enum {
	ESCAPED = 3, /* bytes of "\XX", for each that is no UTF-8 */
	MARK = 4     /* bytes that printable_append wants to have free */
};

json_t *
maker_count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

void
maker_set(struct json_maker *m, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		m->ok = false;
}

void
maker_append(struct json_maker *m, json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) < 0)
		m->ok = false;
}

void
maker_set_count(
    struct json_maker *m, json_t *object, const char *key, uint64_t value)
{
	maker_set(m, object, key, maker_count(value));
}

void
maker_set_real(
    struct json_maker *m, json_t *object, const char *key, double value)
{
	maker_set(m, object, key, json_real(value));
}

void
maker_set_text(
    struct json_maker *m, json_t *object, const char *key, const char *text)
{
	maker_set(m, object, key, maker_text(text));
}

json_t *
maker_text(const char *text)
{
	return text != NULL ? maker_text_of(text, strlen(text)) : json_null();
}

json_t *
maker_text_of(const void *bytes, size_t n)
{
	size_t size = ESCAPED * n + MARK;
	json_t *value;
	char *text;

	if (printable_is_utf8(bytes, n))
		return json_stringn(bytes, n);
	text = malloc(size);
	if (text == NULL)
		return NULL;
	(void)printable_append(text, size, 0, bytes, n, "");
	value = json_string(text);
	free(text);
	return value;
}

static json_t *
make_quantile(const struct hist *h, double q)
{
	return hist_has_quantile(h, q) ? maker_count(hist_quantile(h, q))
				       : json_null();
}

json_t *
maker_latency(const struct hist *h)
{
	return json_pack("{s:o, s:o, s:f, s:f, s:o, s:o, s:o, s:o, s:o}",
	    "count", maker_count(hist_count(h)), "min_ns",
	    maker_count(hist_quantile(h, 0)), "mean_ns", hist_mean(h),
	    "stdev_ns", hist_stdev(h), "p50_ns", make_quantile(h, 0.5),
	    "p90_ns", make_quantile(h, 0.9), "p99_ns", make_quantile(h, 0.99),
	    "p999_ns", make_quantile(h, 0.999), "max_ns",
	    maker_count(hist_max(h)));
}

void
maker_set_latency(
    struct json_maker *m, json_t *root, const char *key, const struct hist *h)
{
	maker_set(m, root, key, maker_latency(h));
}
