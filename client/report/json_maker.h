/*
 * json_maker: what the parts of the JSON report share: they put values into
 * objects of jansson, and learn once, at the end, whether there was memory.
 *
 * Use:
 *	struct json_maker m = { .report = r, .totals = r->totals, .ok = true };
 *	maker_set_count(&m, object, "workers", 2);
 *	... m.ok ...
 */
#ifndef CLIENT_REPORT_JSON_MAKER_H
#define CLIENT_REPORT_JSON_MAKER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct hist;
struct report;
struct tally;

struct json_maker {
	const struct report *report;
	const struct tally *totals;
	bool ok; /* there was memory so far */
};

/* Values may be NULL, as all of jansson's makers return it; they are taken. */
void maker_set(
    struct json_maker *m, json_t *object, const char *key, json_t *value);
void maker_append(struct json_maker *m, json_t *list, json_t *value);

void maker_set_count(
    struct json_maker *m, json_t *object, const char *key, uint64_t value);
void maker_set_real(
    struct json_maker *m, json_t *object, const char *key, double value);

/* As maker_text. */
void maker_set_text(
    struct json_maker *m, json_t *object, const char *key, const char *text);

/* An object: count, and extremes, mean and quantiles in ns; null for those of
 * too few values. */
json_t *maker_latency(const struct hist *h);
void maker_set_latency(
    struct json_maker *m, json_t *root, const char *key, const struct hist *h);

json_t *maker_count(uint64_t value);

/*
 * Text of others, such as a file name or an application protocol, which need
 * not be UTF-8 (RFC 8259, 8.1): then it becomes printable as
 * common/base/printable.h says. Null for NULL; NULL when there is no memory.
 */
json_t *maker_text(const char *text);
json_t *maker_text_of(const void *bytes, size_t n);

#endif
