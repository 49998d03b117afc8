/* test_close_reason: base/close_reason.def, whole and without duplicates. */
#include "common/base/close_reason.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>

#include "common/stats/stats.h"
#include "tests/support/suite.h"

/* A counter that stats/counters.def does not declare does not compile here. */
static const struct {
	enum stats_counter during, after;
} counters[END_COUNT] = {
#define END(name, text, during, after) { STATS_##during, STATS_##after },
#include "common/base/close_reason.def"
#undef END
};

static const char *const names[END_COUNT] = {
#define END(name, text, during, after) #name,
#include "common/base/close_reason.def"
#undef END
};

START_TEST(text_and_word)
{
	char word[ENDS_WORD];

	ck_assert_uint_gt(strlen(ends_text((enum end)_i)), 3);
	ck_assert_ptr_eq(ends_word((enum end)_i, word), word);
	ck_assert_uint_eq(strlen(word), strlen(names[_i]));
	for (size_t i = 0; word[i] != '\0'; i++) {
		ck_assert(islower((unsigned char)word[i]) || word[i] == '_');
		ck_assert_int_eq(toupper((unsigned char)word[i]), names[_i][i]);
	}
}
END_TEST

START_TEST(texts_differ)
{
	for (int i = 0; i < _i; i++)
		ck_assert_str_ne(
		    ends_text((enum end)i), ends_text((enum end)_i));
}
END_TEST

START_TEST(counters_exist)
{
	ck_assert_int_lt(counters[_i].during, STATS_COUNTERS);
	ck_assert_int_lt(counters[_i].after, STATS_COUNTERS);
}
END_TEST

START_TEST(known_one)
{
	char word[ENDS_WORD];

	ck_assert_str_eq(ends_text(END_HANDSHAKE_TIMEOUT), "handshake timeout");
	ck_assert_str_eq(
	    ends_word(END_HANDSHAKE_TIMEOUT, word), "handshake_timeout");
}
END_TEST

START_TEST(text_of_no_end)
{
	(void)ends_text(END_COUNT);
}
END_TEST

START_TEST(word_of_no_end)
{
	char word[ENDS_WORD];

	(void)ends_word(END_COUNT, word);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/ends");

	SUITE_ADD_LOOP(s, text_and_word, END_COUNT);
	SUITE_ADD_LOOP(s, texts_differ, END_COUNT);
	SUITE_ADD_LOOP(s, counters_exist, END_COUNT);
	SUITE_ADD(s, known_one);
	SUITE_ADD_SIGNAL(s, text_of_no_end, SIGABRT);
	SUITE_ADD_SIGNAL(s, word_of_no_end, SIGABRT);
	return suite_run(s, argc, argv);
}
