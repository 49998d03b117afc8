/* test_log_line: what a line is as JSON and for the journal. */
#include "common/sys/log_line.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

static char bytes[LOG_LINE_MAX + 1];

static const char *
formed(enum log_format format, uint64_t connection, const char *text)
{
	const struct log_line line = { .level = LOG_WARN,
		.wall_ns = 1769862896789 * INT64_C(1000000),
		.program = "prog",
		.pid = 7,
		.worker = 3,
		.connection = connection,
		.text = text };
	size_t n = log_line_format(bytes, &line, format);

	ck_assert_uint_le(n, LOG_LINE_MAX);
	ck_assert_int_eq(bytes[n - 1], '\n');
	bytes[n - 1] = '\0';
	ck_assert_ptr_null(strchr(bytes, '\n'));
	return bytes;
}

TEST(plain)
{
	ck_assert_str_eq(formed(LOG_LOGFMT, 0, "went on"),
	    "2026-01-31T12:34:56.789Z warn prog[7]: went on");
	ck_assert_str_eq(formed(LOG_LOGFMT, 9, "peer=x"),
	    "2026-01-31T12:34:56.789Z warn prog[7]: worker=3 id=9 peer=x");
	ck_assert_str_eq(formed(LOG_TEXT, 0, "went on"), "went on");
}

TEST(journal_has_priorities)
{
	static const char first[LOG_LEVELS] = { '3', '4', '6', '7' };
	struct log_line line = { .program = "prog", .text = "x" };

	for (int i = 0; i < LOG_LEVELS; i++) {
		line.level = (enum log_level)i;
		(void)log_line_format(bytes, &line, LOG_JOURNAL);
		ck_assert_int_eq(bytes[0], '<');
		ck_assert_int_eq(bytes[1], first[i]);
		ck_assert(strncmp(bytes + 2, ">1970-", 6) == 0);
	}
}

#define HEAD                                                         \
	"{\"time\":\"2026-01-31T12:34:56.789Z\",\"level\":\"warn\"," \
	"\"program\":\"prog\",\"pid\":7"
#define CONN HEAD ",\"worker\":3,\"id\":9"

static const struct {
	uint64_t connection;
	const char *text, *object;
} objects[] = {
	{ 0, "went on", HEAD ",\"message\":\"went on\"}" },
	{ 0, "", HEAD ",\"message\":\"\"}" },
	/* Pairs are taken apart where they are ours to the last byte. */
	{ 0, "a=b", HEAD ",\"message\":\"a=b\"}" },
	{ 9, "a=b", CONN ",\"a\":\"b\"}" },
	{ 9, "a=b c.d=\"e f\" g=\"\"",
	    CONN ",\"a\":\"b\",\"c.d\":\"e f\",\"g\":\"\"}" },
	{ 9, "a=\"q\\\"b\\\\\\\\3\"", CONN ",\"a\":\"q\\\"b\\\\\\\\3\"}" },
	{ 9, "a=b and more", CONN ",\"message\":\"a=b and more\"}" },
	{ 9, "a=\"b", CONN ",\"message\":\"a=\\\"b\"}" },
	{ 9, "a=b\"c\"", CONN ",\"message\":\"a=b\\\"c\\\"\"}" },
	{ 9, "=b", CONN ",\"message\":\"=b\"}" },
	{ 9, "a=b ", CONN ",\"message\":\"a=b \"}" },
	/* What others can put into a name. */
	{ 0, "\"},{\"x\":\"\\",
	    HEAD ",\"message\":\"\\\"},{\\\"x\\\":\\\"\\\\\"}" },
	{ 0, "a\nb\x1b\x7f", HEAD ",\"message\":\"a?b??\"}" },
	{ 0, "\xe2\x82\xac\xff\xe2\x82x\xc2",
	    HEAD ",\"message\":\"\xe2\x82\xac\xef\xbf\xbd\xef\xbf\xbd\xef\xbf"
		 "\xbdx\xef\xbf\xbd\"}" },
};

TEST_EACH(json, objects)
{
	json_t *object;

	ck_assert_str_eq(
	    formed(LOG_JSON, objects[_i].connection, objects[_i].text),
	    objects[_i].object);
	object = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(object);
	json_decref(object);
}

/* Whatever is cut, an object is an object. */
TEST_LOOP(long_json_is_cut, 2)
{
	static const char *const begin[] = { "x=\"\\\"", "b=c x=\"\\\\" };
	static char text[2 * LOG_LINE_MAX];

	for (size_t n = LOG_LINE_MAX / 2 - 200; n < LOG_LINE_MAX + 20; n += 7) {
		size_t used = (size_t)sprintf(text, "%s", begin[_i]);
		json_t *object;

		memset(text + used, n % 3 == 0 ? '"' : 'y', n);
		(void)strcpy(text + used + n, "\" tail=1");
		object = json_loads(
		    formed(LOG_JSON, 1, text), JSON_REJECT_DUPLICATES, NULL);
		ck_assert_ptr_nonnull(object);
		json_decref(object);
	}
}

SUITE("common/sys/log_line")
