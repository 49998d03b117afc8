/* test_answer: an answer is of a reload that began after it was asked for. */
#include "common/stats/answer.h"

#include <check.h>
#include <string.h>

#include "common/stats/reader.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;
static struct stats_shm *shm;
static struct stats_answer answer;

static void
set_up(void)
{
	shm_case_init(&c, "answer");
	c.options.answers = true;
	shm = shm_case_create(&c);
}

static void
tear_down(void)
{
	stats_shm_close(&shm);
}

TEST(later_reload_answers)
{
	uint64_t before;

	ck_assert(stats_answer_is_there(shm));
	stats_answer_begin(shm);
	before = stats_answer_begun(shm);
	ck_assert(!stats_answer_read(shm, before, &answer));
	/* It had begun before, and may have read what was there then. */
	stats_answer_give(shm, STATS_ANSWER_TAKEN, "before");
	ck_assert(!stats_answer_read(shm, before, &answer));
	stats_answer_begin(shm);
	ck_assert(!stats_answer_read(shm, before, &answer));
	stats_answer_give(shm, STATS_ANSWER_REFUSED, "f:1: no\x1b[2J");
	ck_assert(stats_answer_read(shm, before, &answer));
	ck_assert_uint_eq(answer.result, STATS_ANSWER_REFUSED);
	ck_assert_str_eq(answer.text, "f:1: no?[2J");
	/* The next one is about to change the text. */
	stats_answer_begin(shm);
	ck_assert(!stats_answer_read(shm, before, &answer));
}

TEST(long_text_is_cut)
{
	char text[2 * STATS_ANSWER_TEXT];

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	stats_answer_begin(shm);
	stats_answer_give(shm, STATS_ANSWER_TAKEN, text);
	ck_assert(stats_answer_read(shm, 0, &answer));
	ck_assert_uint_eq(strlen(answer.text), STATS_ANSWER_TEXT - 1);
}

/* A segment of an older release, or of none of ours. */
TEST(none)
{
	stats_shm_close(&shm);
	c.options.answers = false;
	shm = shm_case_create(&c);
	ck_assert(!stats_answer_is_there(shm));
	stats_answer_begin(shm);
	stats_answer_give(shm, STATS_ANSWER_TAKEN, "x");
}

static const struct {
	struct stats_section answers; /* in 1024 bytes */
	const char *words;
} sections[] = {
	{ { 0, 0, 0, 0, 0 }, NULL },
	{ { 448, 1, 576, 0, 0 }, NULL },
	{ { 448, 2, 576, 0, 0 }, "more than one" },
	{ { 512, 1, 576, 0, 0 }, "answers do not fit" },
	{ { 448, 1, 512, 0, 0 }, "answers do not fit" },
	{ { 384, 1, 640, 0, 0 }, NULL }, /* a later release has more */
	{ { 440, 1, 576, 0, 0 }, "answers do not fit" },
	{ { UINT64_MAX - 63, 1, 576, 0, 0 }, "answers do not fit" },
};

TEST_EACH(section_is_checked, sections)
{
	const struct stats_header header = { .size = 1024, .slot_count = 2 };
	const struct stats_more more = { .answers = sections[_i].answers };
	struct errmsg e;
	int result = stats_segment_check_more(&header, &more, &e);

	ck_assert_int_eq(result, sections[_i].words != NULL ? -1 : 0);
	ck_assert(result == 0 || strstr(e.text, sections[_i].words) != NULL);
}

SUITE_BETWEEN("common/stats/answer", set_up, tear_down)
