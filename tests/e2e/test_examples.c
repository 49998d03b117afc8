/* test_examples: examples of a man page and of README.md run as they stand. */
#include <unistd.h>

#include "tests/support/shell.h"
#include "tests/support/suite.h"

START_TEST(server_page)
{
	shell_expect(0, "4 examples",
	    "tests/e2e/run-examples server/tlsecho-server.8 examples-%d",
	    (int)getpid());
}
END_TEST

/* One server for all; the last is a policy that holds. */
START_TEST(readme)
{
	shell_expect(0, "1 examples",
	    "tests/e2e/run-examples README.md readme-%d", (int)getpid());
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/examples");

	SUITE_ADD_SLOW(s, server_page, 30);
	SUITE_ADD_SLOW(s, readme, 60);
	return suite_run(s, argc, argv);
}
