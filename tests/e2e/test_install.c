/* test_install: `make install` puts files in their place, whatever its name. */
#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static const char *const prefixes[] = { "/usr", "/an opt", "/it's \"mine\"" };

/* Nothing is built, by -o; "a" is what an unquoted name would begin with. */
START_TEST(install_and_uninstall)
{
	(void)setenv("MODE", strrchr(shell_find_programs(), '/') + 1, 1);
	(void)setenv("AT", prefixes[_i], 1);
	scratch_enter();
	shell_expect(0, "9\n",
	    "run() { make -s -C \"$TREE\" -o all \"$1\" MODE=$MODE"
	    " PREFIX=\"$AT\" DESTDIR=\"$PWD/a root\"; };"
	    " echo mine >a && run install && \"a root$AT/bin/tlsecho-certs\""
	    " --version && \"a root$AT/bin/tlsecho-server\" --version &&"
	    " test -s \"a root$AT/share/man/man1/tlsecho-stat.1\" &&"
	    " test -s \"a root$AT/share/man/man8/tlsecho-server.8\" &&"
	    " find . -type f | wc -l && run uninstall");
	shell_expect(0, "./a\n", "find . -type f");
	shell_expect(0, "mine\n", "cat a");
	scratch_leave();
}
END_TEST

/* A pkg-config that knows all but one package. */
START_TEST(only_tests_need_libcheck)
{
	scratch_enter();
	scratch_write("pkg-config",
	    "#!/bin/sh\n"
	    "case $* in *check*) exit 1 ;; *) echo -lgnutls ;; esac\n");
	shell_expect(0, "-o none/tlsecho-",
	    "chmod +x pkg-config; PATH=$PWD:$PATH; make -n -C \"$TREE\" B=none"
	    " all | tail -n 3");
	shell_expect(2,
	    "libcheck, which only the tests need, not found: run `make deps`",
	    "PATH=$PWD:$PATH; exec make -n -C \"$TREE\" B=none check");
	scratch_leave();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/install");
	char tree[PATH_MAX];

	(void)setenv("TREE", getcwd(tree, sizeof tree), 1);
	SUITE_ADD_LOOP(
	    s, install_and_uninstall, sizeof prefixes / sizeof *prefixes);
	SUITE_ADD(s, only_tests_need_libcheck);
	return suite_run(s, argc, argv);
}
