/* test_install: `make install` puts files in their place, whatever its name. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

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
	shell_expect(0, "\n43\n",
	    "run() { make -s -C \"$TREE\" -o all \"$1\" MODE=$MODE"
	    " SYSTEMD_VERSION=252 PREFIX=\"$AT\" DESTDIR=\"$PWD/a root\"; };"
	    " echo mine >a && run install && \"a root$AT/bin/tlsecho-certs\""
	    " --version && \"a root$AT/bin/tlsecho-server\" --version &&"
	    " test -s \"a root$AT/share/man/man1/tlsecho-stat.1\" &&"
	    " test -s \"a root$AT/share/man/man8/tlsecho-server.8\" &&"
	    " test -s \"a root$AT/share/zsh/site-functions/_tlsecho-stat\" &&"
	    " test -s \"a root$AT/share/doc/tlsecho/examples/\"*.conf"
	    " && find . -type f | wc -l && run uninstall");
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
	    " all | grep -e tlsecho-");
	shell_expect(2,
	    "libcheck, which only the tests need, not found: run `make deps`",
	    "PATH=$PWD:$PATH; exec make -n -C \"$TREE\" B=none check");
	scratch_leave();
}
END_TEST

/*
 * The unit is right for the systemd that is there, which says nothing, and as
 * closed as it can be: the limit is in tenths.
 */
START_TEST(unit)
{
	if (shell("command -v systemd-analyze") != 0) {
		suite_skip("systemd-analyze is not installed");
		return;
	}
	(void)setenv("MODE", strrchr(shell_find_programs(), '/') + 1, 1);
	scratch_enter();
	shell_expect(0, "",
	    "make -s -C \"$TREE\" -o all install MODE=$MODE"
	    " PREFIX=\"$PWD/usr\" SYSTEMD_VERSION=252");
	shell_expect(0, "",
	    "systemd-analyze --man=no verify"
	    " $PWD/usr/lib/systemd/system/tlsecho-server.service"
	    " $PWD/usr/lib/systemd/system/tlsecho-server.path");
	ck_assert_str_eq(shell_output(), "");
	shell_expect(0, "",
	    "systemd-analyze security --offline=true --threshold=12"
	    " usr/lib/systemd/system/tlsecho-server.service");
	scratch_leave();
}
END_TEST

/* One that waits for the end of a reload, where systemd can. */
START_TEST(drop_in_of_newer_systemd)
{
	static const char *const versions[] = { "", "252", "253", "257" };

	(void)setenv("MODE", strrchr(shell_find_programs(), '/') + 1, 1);
	(void)setenv("VERSION", versions[_i], 1);
	scratch_enter();
	shell_expect(0, "",
	    "make -s -C \"$TREE\" -o all install MODE=$MODE PREFIX=\"$PWD/usr\""
	    " SYSTEMD_VERSION=$VERSION");
	shell_expect(_i < 2 ? 2 : 0, "",
	    "grep notify-reload usr/lib/systemd/system/*.d/notify-reload.conf");
	scratch_leave();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/install");

	SUITE_ADD_LOOP(
	    s, install_and_uninstall, sizeof prefixes / sizeof *prefixes);
	SUITE_ADD(s, only_tests_need_libcheck);
	SUITE_ADD(s, unit);
	SUITE_ADD_LOOP(s, drop_in_of_newer_systemd, 4);
	return suite_run(s, argc, argv);
}
