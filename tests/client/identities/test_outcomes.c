/* test_outcomes: what is counted, by several processes, and what differs. */
#include "client/identities/outcomes.h"

#include <sys/wait.h>
#include <unistd.h>

#include "client/identities/outcome.h"
#include "tests/support/suite.h"

enum {
	COUNT = 3,
	ROUNDS = 20000
};

static struct errmsg e;

static const struct {
	unsigned outcome;
	const char *text;
} texts[] = {
	{ OUTCOME_ACCEPTED, "accepted" },
	{ OUTCOME_REFUSED, "refused" },
	{ 44, "refused certificate_revoked" },
	{ 200, "refused alert 200" },
	{ OUTCOME_REASON + REASON_HANDSHAKE_TIMEOUT, "handshake_timeout" },
	{ OUTCOMES - 1, "connect_error" },
};

TEST_EACH(words, texts)
{
	char text[OUTCOME_TEXT];

	ck_assert_str_eq(
	    outcome_format(texts[_i].outcome, text), texts[_i].text);
}

static const struct {
	unsigned outcome, expected;
	bool is_as;
} pairs[] = {
	{ OUTCOME_ACCEPTED, OUTCOME_ACCEPTED, true },
	{ OUTCOME_ACCEPTED, OUTCOME_REFUSED, false },
	{ 44, OUTCOME_ACCEPTED, false },
	{ 1, OUTCOME_REFUSED, true },
	{ 255, OUTCOME_REFUSED, true },
	{ 44, 44, true },
	{ 44, 45, false },
	{ OUTCOME_REASON + REASON_RESET, OUTCOME_REFUSED, false },
};

TEST_EACH(compared, pairs)
{
	ck_assert_int_eq(outcome_is_as(pairs[_i].outcome, pairs[_i].expected),
	    pairs[_i].is_as);
}

TEST(nothing_is_expected)
{
	struct outcomes *o = outcomes_map(COUNT, &e);
	struct outcomes_sum sum;

	ck_assert(!outcomes_count(o, 2, OUTCOME_ACCEPTED));
	ck_assert(!outcomes_count(o, 2, 44));
	outcomes_sum(o, &sum);
	ck_assert_uint_eq(sum.identities, COUNT);
	ck_assert_uint_eq(sum.tried, 1);
	ck_assert_uint_eq(sum.as_expected + sum.differed, 0);
	outcomes_unmap(&o);
	ck_assert_ptr_null(o);
	outcomes_unmap(&o);
}

TEST(reset)
{
	struct outcomes *o = outcomes_map(COUNT, &e);
	struct outcomes_sum sum;

	outcomes_expect(o)[2] = 44;
	ck_assert(outcomes_count(o, 2, 44));
	outcomes_reset(o);
	outcomes_sum(o, &sum);
	ck_assert_uint_eq(sum.tried + sum.as_expected + sum.differed, 0);
	ck_assert_uint_eq(outcomes_total(o, 44), 0);
	ck_assert(outcomes_count(o, 2, 44));
	outcomes_unmap(&o);
}

static struct outcomes_row rows[8];
static unsigned row_count;

static void
take(void *owner, const struct outcomes_row *row)
{
	ck_assert_ptr_eq(owner, rows);
	rows[row_count++] = *row;
}

static void
expect_row(unsigned i, unsigned identity, unsigned got, uint64_t count)
{
	ck_assert_uint_eq(rows[i].identity, identity);
	ck_assert_uint_eq(rows[i].got, got);
	ck_assert_uint_eq(rows[i].count, count);
}

TEST(what_differs)
{
	struct outcomes *o = outcomes_map(COUNT, &e);
	uint16_t *expected = outcomes_expect(o);
	struct outcomes_sum sum;

	expected[0] = 44;
	expected[1] = OUTCOME_REFUSED;
	expected[2] = OUTCOME_ACCEPTED;
	ck_assert(outcomes_count(o, 0, 44));
	ck_assert(outcomes_count(o, 1, 49));
	ck_assert(!outcomes_count(o, 2, 44));
	ck_assert(!outcomes_count(o, 2, outcome_of_reason(REASON_RESET)));
	ck_assert(!outcomes_count(o, 0, OUTCOME_ACCEPTED));
	ck_assert(!outcomes_count(o, 0, OUTCOME_ACCEPTED));
	ck_assert(outcomes_count(o, 2, OUTCOME_ACCEPTED));
	outcomes_sum(o, &sum);
	ck_assert_uint_eq(sum.tried, COUNT);
	ck_assert_uint_eq(sum.as_expected, 3);
	ck_assert_uint_eq(sum.differed, 4);
	ck_assert_uint_eq(sum.refused_otherwise, 1);
	ck_assert_uint_eq(outcomes_total(o, OUTCOME_ACCEPTED), 3);
	ck_assert_uint_eq(outcomes_identities(o, OUTCOME_ACCEPTED), 2);
	outcomes_each_differing(o, take, rows);
	ck_assert_uint_eq(row_count, 3);
	expect_row(0, 0, OUTCOME_ACCEPTED, 2);
	ck_assert_uint_eq(rows[0].expected, 44);
	expect_row(1, 2, 44, 1);
	expect_row(2, 2, outcome_of_reason(REASON_RESET), 1);
	outcomes_unmap(&o);
}

/* Two processes have the same identity: no count is lost. */
TEST(shared)
{
	struct outcomes *o = outcomes_map(COUNT, &e);
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	for (int i = 0; i < ROUNDS; i++)
		(void)outcomes_count(o, 1, OUTCOME_ACCEPTED);
	if (pid == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(outcomes_total(o, OUTCOME_ACCEPTED), 2 * ROUNDS);
	ck_assert_uint_eq(outcomes_identities(o, OUTCOME_ACCEPTED), 1);
	outcomes_unmap(&o);
}

SUITE("client/identities/outcomes")
