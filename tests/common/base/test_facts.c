/* test_facts: both styles, quotes, and what does not fit. */
#include "common/base/facts.h"

#include <string.h>

#include "tests/support/suite.h"

static void
put_all(struct facts *facts)
{
	facts_put(facts, "a", "1");
	facts_put(facts, "b", "two words");
	facts_put(facts, "c", "");
	facts_put(facts, "d", "\"\\=");
}

TEST(styles)
{
	char text[64];
	struct facts facts = facts_in(text, sizeof text, FACTS_LOGFMT);

	ck_assert_str_eq(text, "");
	put_all(&facts);
	ck_assert_str_eq(text, "a=1 b=\"two words\" c=\"\" d=\"\\\"\\\\=\"");
	facts = facts_in(text, sizeof text, FACTS_LINES);
	put_all(&facts);
	ck_assert_str_eq(text, "a: 1\nb: two words\nc: \nd: \"\\=\n");
}

TEST_LOOP(sizes, 30)
{
	char text[40], whole[64];
	struct facts facts = facts_in(whole, sizeof whole, FACTS_LOGFMT);

	put_all(&facts);
	memset(text, '!', sizeof text);
	facts = facts_in(text, (size_t)_i + 1, FACTS_LOGFMT);
	put_all(&facts);
	ck_assert_uint_eq(strlen(text), (size_t)_i);
	ck_assert_mem_eq(text, whole, (size_t)_i);
	ck_assert_int_eq(text[_i + 1], '!');
}

SUITE("common/base/facts")
