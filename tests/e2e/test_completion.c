/* test_completion: what real shells complete of each program's command line. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static const char *const programs[] = { "tlsecho-server", "tlsecho-client",
	"tlsecho-stat", "tlsecho-certs", "tlsecho-fleet" };
static const char *const shells[] = { "bash", "fish", "zsh" };

enum {
	PROGRAMS = sizeof programs / sizeof *programs,
	SHELLS = sizeof shells / sizeof *shells
};

static struct server server;

/* Each option of --help, and no other. zsh shows more about each of them. */
START_TEST(each_option)
{
	const char *program = programs[_i / SHELLS];
	const char *name = shells[_i % SHELLS];

	if (!shell_has_program(name))
		return;
	scratch_enter();
	shell_expect(0, "",
	    "%s --help | grep -oE '^ {2,6}(-., )*--[a-z0-9-]+' |"
	    " grep -oE -e '--.*' | sort >wanted && test -s wanted &&"
	    " \"$COMPLETE\" %s %s -- | sed -nE"
	    " 's/^([*]|[(][^)]*[)])?(--[a-z0-9-]+)[=[]*.*/\\2/p' | sort >got &&"
	    " diff wanted got",
	    program, name, program);
	scratch_leave();
}
END_TEST

/* Words of a command line, and what the last of them becomes. */
static const struct {
	const char *line, *becomes;
} lines[] = {
	{ "tlsecho-certs --key rsa-2", "rsa-2048\n" },
	{ "tlsecho-certs -k ed", "ed25519\n" },
	{ "tlsecho-certs inter", "intermediate\n" },
	{ "tlsecho-client mer", "merge\n" },
	{ "tlsecho-client --cert some", "some.pem\n" },
	{ "tlsecho-client --json some", "some.pem\n" },
	{ "tlsecho-client --find", "--find-rate\n" },
	{ "tlsecho-fleet --launcher sr", "srun\n" },
	{ "tlsecho-fleet --hosts some", "some.pem\n" },
	{ "tlsecho-server --log-level deb", "debug\n" },
	{ "tlsecho-server --open-sessions ju", "judge\n" },
	{ "tlsecho-server --cpu-affinity o", "off\n" },
	{ "tlsecho-stat --replay some", "some.pem\n" },
};

enum {
	LINES = sizeof lines / sizeof *lines
};

START_TEST(last_word)
{
	const char *name = shells[_i % 2];

	if (!shell_has_program(name))
		return;
	scratch_enter();
	scratch_write("some.pem", "");
	shell_expect(
	    0, "", "exec \"$COMPLETE\" %s %s", name, lines[_i / 2].line);
	ck_assert_str_eq(shell_output(), lines[_i / 2].becomes);
	scratch_leave();
}
END_TEST

/* What goes with the words before it, as --help and the rules have it. */
static const struct {
	const char *line, *takes;
} narrowed[] = {
	{ "tlsecho-client merge",
	    "allow-missing help html json quiet version" },
	{ "tlsecho-client compare", "help json quiet threshold version" },
	{ "tlsecho-client --pipe --cert x",
	    "alpn bind ca cert connect-timeout handshake-timeout hello-size "
	    "hello-split help keepalive key keylog password-file pipe pkcs12 "
	    "priority server-name timeout version" },
	{ "tlsecho-client --explain",
	    "alpn bind ca cert connect-timeout explain handshake-timeout "
	    "hello-size hello-split help json key no-echo password-file pkcs12 "
	    "priority server-name timeout version" },
	{ "tlsecho-certs list", "help version" },
	{ "tlsecho-certs revoke", "ca-password-file days help version" },
	{ "tlsecho-stat --json --replay x",
	    "all connections count filter help interval json once replay "
	    "version" },
};

enum {
	NARROWED = sizeof narrowed / sizeof *narrowed
};

START_TEST(options_that_go_with_it)
{
	const char *name = shells[_i % SHELLS];
	const char *line = narrowed[_i / SHELLS].line;

	if (!shell_has_program(name))
		return;
	scratch_enter();
	shell_expect(0, "",
	    "for name in %s; do echo --$name; done >wanted;"
	    " \"$COMPLETE\" %s %s -- | sed -nE"
	    " 's/^([*]|[(][^)]*[)])?(--[a-z0-9-]+)[=[]*.*/\\2/p' | sort >got;"
	    " diff wanted got",
	    narrowed[_i / SHELLS].takes, name, line);
	scratch_leave();
}
END_TEST

/* bash makes three words of --key=VALUE, and no list is a list of files. */
START_TEST(words_of_bash)
{
	scratch_enter();
	scratch_write("20", "");
	shell_expect(0, "", "\"$COMPLETE\" bash tlsecho-certs --key = rsa-2");
	ck_assert_str_eq(shell_output(), "rsa-2048\n");
	shell_expect(
	    0, "6\n", "\"$COMPLETE\" bash tlsecho-certs --key = | wc -l");
	shell_expect(0, "", "\"$COMPLETE\" bash tlsecho-certs --days 2");
	ck_assert_str_eq(shell_output(), "\n");
	scratch_leave();
}
END_TEST

/* Of servers that run now. */
START_TEST(segments)
{
	const char *name = shells[_i];
	char wanted[STATS_SHM_NAME + 2];

	if (!shell_has_program(name))
		return;
	server_start(&server, NULL);
	(void)snprintf(wanted, sizeof wanted, "%s\n", server.name);
	shell_expect(0, wanted,
	    "exec \"$COMPLETE\" %s tlsecho-stat --stats %.*s", name,
	    (int)strlen(server.name) - 1, server.name);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/completion");
	char *script = realpath("tests/e2e/complete", NULL);

	(void)setenv("COMPLETE", script, 1);
	free(script);
	SUITE_ADD_LOOP(s, each_option, PROGRAMS * SHELLS);
	SUITE_ADD_LOOP(s, last_word, LINES * 2);
	SUITE_ADD_LOOP(s, options_that_go_with_it, NARROWED * SHELLS);
	SUITE_ADD(s, words_of_bash);
	SUITE_ADD_LOOP(s, segments, 2);
	return fixture_run(s, argc, argv);
}
