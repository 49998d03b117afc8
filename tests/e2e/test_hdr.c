/*
 * What --hlog and --hgrm write, as HdrHistogram itself reads it: its log
 * processor, of Debian's libhdrhistogram-java, adds up the seconds of the log.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define JAR "/usr/share/java/hdrhistogram.jar"
#define CLIENT                                                           \
	"tlsecho-client -q --cert ca/alice.pem --key ca/alice.key --ca " \
	"ca/ca.pem --json json --hlog hlog --hgrm hgrm -c 2 -d 1100ms $AT"
#define PROCESS                                                    \
	"java -cp " JAR " org.HdrHistogram.HistogramLogProcessor " \
	"-outputValueUnitRatio 1 -i hlog >percentiles"
static struct server server;

static bool
has_reader(void)
{
	if (shell("test -e " JAR " && command -v java >java") == 0)
		return true;
	suite_skip("there is no libhdrhistogram-java, or no java");
	return false;
}

/*
 * The first value of a table at this share or above, in so many nanoseconds, is
 * in the bucket of ours, which is at most 1/32 of the value wide.
 */
static void
expect_near(
    const char *table, const char *share, const char *ns, const char *key)
{
	shell_expect(0, "true",
	    "theirs=$(awk '$2 + 0 >= %s && $1 + 0 > 0"
	    " { printf \"%%.0f\", $1 * %s; exit }' %s);"
	    "jq --argjson theirs $theirs '.round_trip.%s as $ours |"
	    " ($theirs - $ours) / $ours | fabs < 0.032' json",
	    share, ns, table, key);
}

START_TEST(read_by_its_authors)
{
	server_start(&server, NULL);
	(void)setenv("AT", server_address(&server), 1);
	shell_expect(0, "", CLIENT " >text");
	server_stop(&server);
	expect_near("hgrm", "0.5", "1000000", "p50_ns");
	expect_near("hgrm", "1", "1000000", "max_ns");
	if (!has_reader())
		return;
	shell_expect(0, "", PROCESS);
	shell_expect(0, "same",
	    "grep -o 'Total count.*]' percentiles >theirs;"
	    "grep -o 'Total count.*]' hgrm >ours;"
	    "cmp theirs ours && echo same");
	expect_near("percentiles", "0.5", "1", "p50_ns");
	expect_near("percentiles", "0.9", "1", "p90_ns");
	expect_near("percentiles", "1", "1", "max_ns");
}
END_TEST

/* Each is lost once it has been replaced. */
static const struct {
	const char *options, *words;
} overwritten[] = {
	{ "--json ca/../ca/alice.key",
	    "--json would overwrite the file of "
	    "--key: ca/../ca/alice.key\n" },
	{ "--hgrm ./ca/alice.pem",
	    "--hgrm would overwrite the file of --cert" },
	{ "--html ca/ca.pem", "--html would overwrite the file of --ca: " },
	{ "--json ca/none --keylog ./ca/none", "the file of --keylog: " },
	{ "--json new --hlog ./new", "cannot go to the same file: ./new" },
};

START_TEST(inputs_stay)
{
	shell_expect(1, overwritten[_i].words,
	    "cat ca/alice.* ca/ca.pem >before;"
	    "tlsecho-client --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem %s localhost:1; s=$?;"
	    "cat ca/alice.* ca/ca.pem | cmp - before && exit $s",
	    overwritten[_i].options);
}
END_TEST

static const char *const identities[] = { "ca", "list" };

/* Whether a directory has it, or a list names it. */
START_TEST(identities_stay)
{
	shell_expect(1,
	    "--html would overwrite an identity of --identities: ca/alice.key",
	    "echo ca/alice >list; cat ca/alice.key >before;"
	    "tlsecho-client --identities %s --ca ca/ca.pem"
	    " --html ca/../ca/alice.key localhost:1; s=$?;"
	    "cmp ca/alice.key before && exit $s",
	    identities[_i]);
}
END_TEST

/* Both to one place would be a mixture. */
START_TEST(one_place_each)
{
	shell_expect(1, "--json and --hlog cannot go to the same file: both",
	    "tlsecho-client --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem --json both --hlog both localhost:1 2>&1");
	shell_expect(1, "cannot go to the same file",
	    "tlsecho-client --cert ca/alice.pem --key ca/alice.key"
	    " --ca ca/ca.pem --json - --hgrm /dev/stdout localhost:1 2>&1");
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/hdr");

	SUITE_ADD_LOOP(s, identities_stay, 2);
	SUITE_ADD_SLOW(s, read_by_its_authors, 30);
	SUITE_ADD(s, one_place_each);
	SUITE_ADD_LOOP(
	    s, inputs_stay, sizeof overwritten / sizeof *overwritten);
	return fixture_run(s, argc, argv);
}
