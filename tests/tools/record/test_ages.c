/* Tests of tools/record/ages: only what time alone does not explain. */
#include "tools/record/ages.h"

#include <check.h>

#include "tests/support/suite.h"
#include "tools/sample/build.h"

#define SECOND CLOCK_NS_PER_S

enum {
	SLOTS = 3,
	SLOT = 2
};

static struct record_buffer section;

static struct sample *
make(int64_t now_ns, pid_t pid, int64_t age_ns)
{
	static const struct stats_field field = { .name = "accepted" };
	struct sample *s = sample_new(
	    &(struct sample_server){ .name = "default" }, &field, 1, SLOTS);

	ck_assert_ptr_nonnull(s);
	sample_set_times(s, now_ns, now_ns);
	sample_edit_slot(s, SLOT)->pid = pid;
	sample_edit_slot(s, SLOT)->age_ns = age_ns;
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

/* What is read of this section; INT64_MIN: that it cannot be. */
static int64_t
read_back(int64_t now_ns, const struct sample *before)
{
	struct record_cursor c = { .at = section.data,
		.end = section.data + section.size };
	struct sample *s = make(now_ns, 1, -1);
	int64_t age_ns;

	ages_get(&c, s, before);
	age_ns = c.failed ? INT64_MIN : sample_slot(s, SLOT)->age_ns;
	ck_assert(c.failed || sample_slot(s, 1)->age_ns == -1);
	sample_free(&s);
	return age_ns;
}

/* A sample at 10 s, with process 1, and one at 11 s. */
static const struct {
	int64_t before_ns;
	pid_t pid;
	int64_t now_ns;
	int64_t read_ns;
	bool is_written;
} rows[] = {
	{ 5 * SECOND, 1, 6 * SECOND, 6 * SECOND, false },
	{ 5 * SECOND, 1, 6 * SECOND + 99999999, 6 * SECOND, false },
	{ 5 * SECOND, 1, 6 * SECOND - 99999999, 6 * SECOND, false },
	{ 5 * SECOND, 1, 6100000000, 6100000000, true },
	{ 5 * SECOND, 1, 0, 0, true },
	{ 5 * SECOND, 1, -1, -1, true },
	{ 10000000, 2, 990000000, 990000000, true }, /* another process */
	{ -1, 1, -1, -1, false },
	{ -1, 1, 0, 0, true },
	{ -1, 1, 7 * SECOND, 7 * SECOND, true },
};

TEST_EACH(ages_come_back, rows)
{
	struct sample *before = make(10 * SECOND, 1, rows[_i].before_ns);
	struct sample *now = make(11 * SECOND, rows[_i].pid, rows[_i].now_ns);

	ages_put(&section, now, before);
	ck_assert_int_eq(section.size > 0, rows[_i].is_written);
	ck_assert_int_eq(read_back(11 * SECOND, before), rows[_i].read_ns);
	sample_free(&before);
	sample_free(&now);
	record_buffer_free(&section);
}

/* A reader knows the age before only to AGES_SLACK_NS. */
TEST(end_of_a_process_is_read_after_a_rounded_age)
{
	struct sample *before = make(10 * SECOND, 1, 5 * SECOND);
	struct sample *read = make(10 * SECOND, 1, 5 * SECOND - 50000000);
	struct sample *now = make(11 * SECOND, 0, -1);

	ages_put(&section, now, before);
	ck_assert_int_eq(read_back(11 * SECOND, read), -1);
	sample_free(&before);
	sample_free(&read);
	sample_free(&now);
	record_buffer_free(&section);
}

TEST(first_ages_are_exact)
{
	struct sample *s = make(SECOND, 1, 1);

	ages_put(&section, s, NULL);
	ck_assert_int_eq(read_back(SECOND, NULL), 1);
	sample_free(&s);
	record_buffer_free(&section);
}

TEST(older_releases_wrote_none)
{
	ck_assert_int_eq(read_back(SECOND, NULL), -1);
}

static const int64_t lies[] = { -2, INT64_MIN, INT64_MAX, INT64_MAX / 2 + 1 };

TEST_EACH(ages_that_cannot_be_are_refused, lies)
{
	struct sample *before = make(10 * SECOND, 1, 5 * SECOND);

	record_put(&section, SLOT);
	record_put_signed(&section, lies[_i]);
	ck_assert_int_eq(read_back(11 * SECOND, before), INT64_MIN);
	sample_free(&before);
	record_buffer_free(&section);
}

SUITE("tools/record/ages")
