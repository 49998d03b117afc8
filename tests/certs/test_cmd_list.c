/* test_cmd_list: the table of what was issued. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "

static void
setup(void)
{
	scratch_enter();
	shell_expect(0, "pki/ca.pem", CERTS "init pki");
}

TEST(empty)
{
	shell_expect(0, "1\n", CERTS "list pki | wc -l");
	shell_expect(0,
	    "NAME  SERIAL                            PURPOSE    "
	    "NOT AFTER             STATUS\n",
	    CERTS "list pki");
}

TEST(every_status)
{
	shell_expect(0, "", CERTS "server pki good");
	shell_expect(0, "", CERTS "client pki past --not-after -1d");
	shell_expect(0, "", CERTS "client pki future --not-before +1d");
	shell_expect(0, "", CERTS "client pki gone gone-past");
	shell_expect(0, "", CERTS "revoke pki gone");
	shell_expect(0, "", CERTS "init other");
	shell_expect(0, "", "cp other/ca.pem pki/strange.pem");
	scratch_write("pki/broken.pem", "rubbish");
	ck_assert_int_eq(mkdir("pki/folder.pem", 0700), 0);
	scratch_write("pki/notes.txt", "not a certificate");
	shell_expect(0,
	    "broken unreadable\nfolder unreadable\nfuture not-yet-valid\n"
	    "gone revoked\ngone-past valid\ngood valid\npast expired\n"
	    "strange foreign\n",
	    CERTS "list pki | awk 'NR > 1 { print $1, $5 }'");
	shell_expect(0, "good server\n",
	    CERTS "list pki | awk '$1 == \"good\" { print $1, $3 }'");
}

/* Serial and end are those that show prints. */
TEST(columns)
{
	shell_expect(0, "", CERTS "server pki a");
	shell_expect(0, "same\n",
	    "set -- $(" CERTS "list pki | tail -n 1); " CERTS
	    "show pki/a.pem >facts; grep -q \"serial  *$2\" facts && "
	    "grep -q \"not after  *$4\" facts && echo same");
}

/* A key that is not the certificate's; what cannot be read is not judged. */
TEST(other_keys)
{
	shell_expect(0, "", CERTS "client pki a b c d e");
	shell_expect(
	    0, "", "cp pki/a.key pki/b.key; rm pki/c.key; echo x >pki/d.key");
	if (shell("openssl pkey -aes256 -passout pass:x -in pki/e.key "
		  "-out e.key && mv e.key pki") != 0)
		suite_skip("no openssl: no encrypted key");
	shell_expect(0, "a valid\nb other-key\nc valid\nd other-key\ne valid\n",
	    CERTS "list pki | awk 'NR > 1 { print $1, $5 }'");
	shell_expect(0, "b revoked",
	    CERTS "revoke pki b >revoked; " CERTS
		  "list pki | awk '{ print $1, $5 }'");
}

/* As a kill between two renamings leaves it: until the next one writes. */
TEST(killed_writer)
{
	shell_expect(0, "", CERTS "client pki a");
	shell_expect(0, "",
	    "cp -r pki other; " CERTS "client other a --force 2>note; "
	    "mkdir pki/.ready; mv other/a.key pki/.ready; "
	    "cp other/a.pem pki");
	shell_expect(0, "note: pki: some files are replaced", CERTS "list pki");
	shell_expect(
	    0, "a other-key", CERTS "list pki 2>note | awk '{ print $1, $5 }'");
	shell_expect(0, "", CERTS "crl pki");
	shell_expect(0, "a valid", CERTS "list pki | awk '{ print $1, $5 }'");
	ck_assert_ptr_null(strstr(shell_output(), "note"));
}

TEST(failures)
{
	shell_expect(1, "none: No such file or directory", CERTS "list none");
	shell_expect(
	    1, "no ca.pem in it: make an authority with", CERTS "list .");
	shell_expect(1, "standard output: No space left on device",
	    CERTS "list pki >/dev/full");
	shell_expect(2, "list takes no --days", CERTS "list pki --days 3");
	shell_expect(2, "too few operands: list DIR", CERTS "list");
}

/* Looking needs neither the key nor write permission. */
TEST(without_the_key)
{
	shell_expect(0, "", CERTS "client pki a");
	ck_assert_int_eq(unlink("pki/ca.key"), 0);
	shell_expect(0, "valid\n", CERTS "list pki");
	shell_expect(1, "pki/ca.key: No such file", CERTS "client pki b");
}

SUITE_BETWEEN("certs/list", setup, scratch_leave)
