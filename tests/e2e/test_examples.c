/* test_examples: the examples in a man page run as they stand there. */
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

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/examples");

	SUITE_ADD_SLOW(s, server_page, 30);
	return suite_run(s, argc, argv);
}
