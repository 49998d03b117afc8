/*
 * tlsecho-fleet, with a stand-in for ssh that runs the command here: a report
 * of several hosts, hosts that are not as they should be, and wrong options.
 * Over real ssh and srun: tests/fleet.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct server server;

/* Its folder is TMPDIR of launcher and hosts, too. */
static void
setup(void)
{
	scratch_enter();
	scratch_write("ssh",
	    "#!/bin/sh\n"
	    "while [ \"$1\" != -- ]; do shift; done\n"
	    "case $2 in\n"
	    "gone) exit 255 ;;\n"
	    "old) PATH=$TMPDIR/old:$PATH ;;\n"
	    "bare) PATH=$TMPDIR/bare ;;\n"
	    "liar) shift 2; /bin/sh -c \"$*\" | sed -u \"$LIES\"; exit ;;\n"
	    "esac\n"
	    "shift 2\n"
	    "exec /usr/bin/setsid /bin/sh -c \"$*\"\n");
	shell_expect(0, "",
	    "mkdir old bare && for tool in sh head mkdir mkfifo rm gzip base64;"
	    " do ln -s $(command -v $tool) bare; done && chmod +x ssh");
	scratch_write(
	    "old/tlsecho-client", "#!/bin/sh\necho tlsecho-client 0.0.9\n");
	shell_expect(0, "", "chmod +x old/tlsecho-client");
}

/* The stand-in is found by TMPDIR, which is this folder. */
#define FLEET "TMPDIR=$PWD tlsecho-fleet --ssh $PWD/ssh "

static void
start_server(void)
{
	server_start(&server, NULL);
	(void)setenv("CA", fixture_path("ca"), 1);
	shell_expect(0, "",
	    "echo '-c 5 -w 1 -r 100 --late-limit 1m -d 4s --ca '$CA'/ca.pem"
	    " --cert '$CA'/alice.pem"
	    " --key '$CA'/alice.key 127.0.0.1:%d' >load",
	    server.port);
}

/* Also the comment, the blanks and what a file without a last newline has. */
TEST_WITH(one_report, .limit_s = 120)
{
	if (!shell_has_program("parallel"))
		return;
	start_server();
	scratch_write("hosts", "# three\na b # and\n\nuser@c");
	shell_expect(0, "",
	    FLEET "--wait 60 --hosts hosts --output out --"
		  " $(cat load) --server-name=127.0.0.1 >report 2>said;"
		  " status=$?; cat said; exit $status");
	shell_expect(0, "400\n[134,133,133]\n",
	    "jq .round_trips out/all.json && jq -sc 'map(.round_trips)'"
	    " out/a.json out/b.json out/user@c.json");
	shell_expect(0, "Round trips: 400 in", "cat report");
	shell_expect(0, "", "find . -name 'tlsecho-fleet-*' -o -name 'tmp.*'");
	ck_assert_str_eq(shell_output(), "");
	server_stop_idle(&server);
}

static const struct {
	const char *host, *says;
} bad_hosts[] = {
	{ "gone",
	    "gone: lost: parallel's connection has ended, with status 255" },
	{ "old", "old: lost: it has not tlsecho-client " },
	{ "bare", "bare: lost: it has not tlsecho-client " },
};

/* No load is begun, or that of the host that is left. */
TEST_WITH(bad_host, .loops = TEST_ROWS(bad_hosts), .limit_s = 120)
{
	const char *host = bad_hosts[_i].host;

	if (!shell_has_program("parallel"))
		return;
	start_server();
	shell_expect(3, bad_hosts[_i].says,
	    "printf 'a\\n%s\\n' >hosts; " FLEET "--wait 60 --hosts hosts"
	    " --output out -- $(cat load) 2>&1",
	    host);
	ck_assert_ptr_nonnull(
	    strstr(shell_output(), "1 of 2 generators: no load was begun"));
	shell_expect(1, "", "test -e out");
	shell_expect(0, "", "mkdir out; echo old | tee out/%s.json", host);
	shell_expect(0, "1 of 2 generators",
	    FLEET "--wait 60 --hosts hosts --output out --allow-missing --"
		  " $(cat load) 2>&1");
	shell_expect(0, "200\n", "jq .round_trips out/a.json");
	shell_expect(0, "all.json\na.json\n", "ls -r out");
	server_stop_idle(&server);
}

/* What a host says is neither reckoned with, nor a path, nor for a terminal. */
TEST_WITH(lies, .limit_s = 120)
{
	if (!shell_has_program("parallel"))
		return;
	start_server();
	(void)setenv("LIES",
	    "s#^node.*#node ../x#; s#.*open.*#1 s: x[$(touch oops)] open,"
	    " 2 round trips, 08/s, \x1b[1m\\\\033 errors#",
	    1);
	shell_expect(0,
	    "liar: 1 s: x[$(touch oops)] open, 2 round trips, 08/s,"
	    " ?[1m\\033 errors\n",
	    "printf 'a\\nliar\\n' >hosts; " FLEET "--wait 60 --hosts hosts"
	    " --output out -- $(cat load) 2>&1");
	shell_expect(0, "all.json\na.json\nliar.json\n",
	    "[ ! -e oops ] && [ ! -e x.json ] && cd out && ls -r a*n && ls l*");
	server_stop_idle(&server);
}

static const struct {
	int status;
	const char *options, *says;
} wrong[] = {
	{ 2, "-- x", "--hosts is missing; see tlsecho-fleet --help" },
	{ 2, "--hosts", "--hosts: its value is missing" },
	{ 2, "--hosts=hosts", "arguments of tlsecho-client are missing" },
	{ 2, "--hosts=hosts -- -c 1 --json x", "--json: tlsecho-fleet itself" },
	{ 2, "--hosts=hosts -- --steps=stdio x", "tlsecho-fleet itself" },
	{ 2, "--hosts=hosts x:1", "arguments of tlsecho-client come after --" },
	{ 2, "--hostz=hosts -- x", "unknown option --hostz=hosts" },
	{ 2, "--wait 0 -- x", "--wait: seconds, 1 to 99999, not '0'" },
	{ 2, "--wait 1m -- x", "--wait: seconds, 1 to 99999, not '1m'" },
	{ 2, "--launcher mpirun -- x", "parallel or srun, not 'mpirun'" },
	{ 1, "--hosts none -- x", "none: no such file, or not readable" },
	{ 1, "--hosts empty -- x", "empty: no hosts" },
	{ 1, "--hosts twice -- x", "twice: host a is there twice" },
	{ 1, "--hosts option -- x", "'-oProxyCommand=x' is no host's name" },
	{ 1, "--hosts shell -- x", "'a;b' is no host's name" },
};

/* One line, and nothing is made. */
TEST_WITH(wrong_options, .loops = TEST_ROWS(wrong), .limit_s = 60)
{
	if (!shell_has_program("parallel"))
		return;
	scratch_write("hosts", "a\n");
	scratch_write("empty", "# a\n");
	scratch_write("twice", "a b\na\n");
	scratch_write("option", "-oProxyCommand=x\n");
	scratch_write("shell", "a;b\n");
	shell_expect(
	    wrong[_i].status, wrong[_i].says, FLEET "%s", wrong[_i].options);
	shell_expect(0, "1\n", FLEET "%s 2>&1 | wc -l", wrong[_i].options);
	shell_expect(0, "", "find . -name 'tlsecho-fleet-*' -o -name 'tmp.*'");
	ck_assert_str_eq(shell_output(), "");
}

TEST(launchers_that_are_missing)
{
	static const char only_sh[] =
	    "mkdir bin; ln -s $(command -v dirname) bin; fleet=$(command -v"
	    " tlsecho-fleet); PATH=$PWD/bin /bin/sh \"$fleet\" ";

	shell_expect(
	    1, "parallel is not installed", "%s--hosts x -- x", only_sh);
	shell_expect(1, "not within an allocation: use salloc",
	    "unset SLURM_JOB_NODELIST; tlsecho-fleet --launcher srun -- x");
}

int
main(int argc, char **argv)
{
	return fixture_run(
	    suite_joined("e2e/fleet", setup, scratch_leave), argc, argv);
}
