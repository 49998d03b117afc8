/* test_container_of: a member leads to its struct. */
#include "common/base/container_of.h"

#include "tests/support/suite.h"

struct box {
	char before[3];
	int member;
	double first_of_pair;
	double second_of_pair;
};

TEST(each_member)
{
	struct box box = { .member = 1 };
	struct box *same = &box;

	ck_assert_ptr_eq(CONTAINER_OF(&box.before, struct box, before), &box);
	ck_assert_ptr_eq(CONTAINER_OF(&box.member, struct box, member), &box);
	ck_assert_ptr_eq(
	    CONTAINER_OF(&same->second_of_pair, struct box, second_of_pair),
	    &box);
}

SUITE("common/base/container_of")
