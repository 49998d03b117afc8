/* test_close_reason: base/close_reason.def, whole and without duplicates. */
#include "common/base/close_reason.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "common/stats/stats.h"
#include "tests/support/suite.h"

/* A counter that stats/counters.def does not declare does not compile here. */
static const struct {
	enum stats_counter during, after;
} counters[REASON_COUNT] = {
#define REASON(name, text, during, after) \
	[REASON_##name] = { STATS_##during, STATS_##after },
#include "common/base/close_reason.def"
#undef REASON
};

static const char *const names[REASON_COUNT] = {
	[REASON_NONE] = "NONE",
#define REASON(name, text, during, after) [REASON_##name] = #name,
#include "common/base/close_reason.def"
#undef REASON
};

TEST_LOOP(text_and_word, REASON_COUNT)
{
	char word[CLOSE_REASON_WORD];

	ck_assert_uint_gt(strlen(close_reason_text((enum close_reason)_i)), 3);
	ck_assert_ptr_eq(close_reason_word((enum close_reason)_i, word), word);
	ck_assert_uint_eq(strlen(word), strlen(names[_i]));
	for (size_t i = 0; word[i] != '\0'; i++) {
		ck_assert(islower((unsigned char)word[i]) || word[i] == '_');
		ck_assert_int_eq(toupper((unsigned char)word[i]), names[_i][i]);
	}
}

TEST_LOOP(texts_differ, REASON_COUNT)
{
	for (int i = 0; i < _i; i++)
		ck_assert_str_ne(close_reason_text((enum close_reason)i),
		    close_reason_text((enum close_reason)_i));
}

TEST_LOOP(counters_exist, REASON_COUNT)
{
	ck_assert_int_lt(counters[_i].during, STATS_COUNTERS);
	ck_assert_int_lt(counters[_i].after, STATS_COUNTERS);
}

/* As their counters tell. */
TEST_LOOP(connect_failures, REASON_COUNT)
{
	ck_assert_int_eq(close_reason_is_connect_failure((enum close_reason)_i),
	    counters[_i].after == STATS_CONNECT_FAILED);
}

TEST(known_one)
{
	char word[CLOSE_REASON_WORD];

	ck_assert_str_eq(
	    close_reason_text(REASON_HANDSHAKE_TIMEOUT), "handshake timeout");
	ck_assert_str_eq(close_reason_word(REASON_HANDSHAKE_TIMEOUT, word),
	    "handshake_timeout");
}

TEST_WITH(text_of_no_reason, .signal = SIGABRT)
{
	(void)close_reason_text(REASON_COUNT);
}

TEST_WITH(word_of_no_reason, .signal = SIGABRT)
{
	char word[CLOSE_REASON_WORD];

	(void)close_reason_word(REASON_COUNT, word);
}

static const struct {
	int error;
	enum close_reason reason;
} connects[] = {
	{ ECONNREFUSED, REASON_CONNECT_REFUSED },
	{ ETIMEDOUT, REASON_CONNECT_TIMEOUT },
	{ ENETUNREACH, REASON_CONNECT_UNREACHABLE },
	{ EHOSTUNREACH, REASON_CONNECT_UNREACHABLE },
	{ EADDRNOTAVAIL, REASON_CONNECT_NO_PORT },
	{ EACCES, REASON_CONNECT_ERROR },
};

TEST_EACH(of_connect, connects)
{
	ck_assert_int_eq(
	    close_reason_of_connect(connects[_i].error), connects[_i].reason);
}

SUITE("common/base/close_reason")
