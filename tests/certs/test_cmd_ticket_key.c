/* test_cmd_ticket_key: keys of session tickets, made and rotated. */
#include <check.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define ROTATE "tlsecho-certs ticket-key keys"

/* Numbers the keys in the order in which they appear in a file. */
#define NUMBERS                                                          \
	"touch seen; grep -v '^#' keys >now; grep -vxFf seen now >new;"  \
	" cat new >>seen;"                                               \
	" while read -r key; do grep -nxF -e \"$key\" seen; done <now |" \
	" cut -d : -f 1 | paste -sd ' '"

static void
setup(void)
{
	scratch_enter();
}

TEST(next_key_is_there_before_it_issues)
{
	static const char *const order[] = { "1 2\n", "2 3 1\n", "3 4 2 1\n",
		"4 5 3 2 1\n", "5 6 4 3 2 1\n", "6 7 5 4 3 2 1\n",
		"7 8 6 5 4 3 2 1\n", "8 9 7 6 5 4 3 2\n",
		"9 10 8 7 6 5 4 3\n" };

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		shell_expect(
		    0, i == 0 ? "keys: made" : "keys: the next key", ROTATE);
		shell_expect(0, "", NUMBERS);
		ck_assert_str_eq(shell_output(), order[i]);
	}
	shell_expect(0, "600\n", "stat -c %%a keys");
}

/* As made by hand: what others do not know yet does not issue. */
TEST(single_key_stays_the_first)
{
	shell_expect(0, "",
	    "umask 077; openssl rand -base64 64 |"
	    " tr -d '\\n' >keys; cp keys seen; echo >>seen");
	shell_expect(0, "the next key is added", ROTATE);
	shell_expect(0, "1 2\n", NUMBERS);
}

TEST(servers_take_it)
{
	shell_expect(0, "", ROTATE);
	shell_expect(0, "", ROTATE);
	shell_expect(0, "",
	    "tlsecho-certs init ca && tlsecho-certs server ca"
	    " localhost && tlsecho-server --test --cert ca/localhost.pem"
	    " --key ca/localhost.key --ca ca/ca.pem --ticket-key-file keys");
}

TEST(keeps_mode)
{
	shell_expect(0, "", ROTATE " && chmod 400 keys && " ROTATE);
	shell_expect(0, "400\n", "stat -c %%a keys");
}

/* They are refused in one line, and stay as they are. */
TEST(bad_files)
{
	static const struct {
		const char *make, *message;
	} cases[] = {
		{ ": >keys", "keys: no keys: remove the file" },
		{ "echo '# none' >keys", "keys: no keys: remove the file" },
		{ "echo '!' >keys", "keys: line 1: not a key" },
		{ "echo AAAA >keys", "keys: line 1: not a key" },
		{ "for i in 1 2 3 4 5 6 7 8 9; do openssl rand -base64 64 |"
		  " tr -d '\\n'; echo; done >keys",
		    "keys: line 9: more than 8 keys" },
		{ ROTATE "; chmod 666 keys", "chmod 6" },
		{ "mkdir keys", "keys" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		shell_expect(
		    0, "", "rm -rf keys; umask 077; %s", cases[i].make);
		shell_expect(0, "", "cp -r keys before");
		shell_expect(1, cases[i].message, ROTATE);
		shell_expect(0, "1\n", ROTATE " 2>&1 | wc -l");
		shell_expect(0, "", "diff -r keys before; rm -r before");
		ck_assert_str_eq(shell_output(), "");
	}
	shell_expect(1, "no/keys: ", "tlsecho-certs ticket-key no/keys");
	shell_expect(2, "too few operands", "tlsecho-certs ticket-key");
	shell_expect(2, "--days", "tlsecho-certs ticket-key --days 1 keys");
}

SUITE_BETWEEN("certs/ticket_key", setup, scratch_leave)
