/* test_main: the program's commands, help and exit statuses. */
#include <stdio.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

#define CERTS "tlsecho-certs "

TEST(help)
{
	static const char *const words[] = { "\n  init DIR ",
		"\n  server DIR NAME...", "\n  client DIR NAME...",
		"\n  revoke DIR CERT...", "\n  crl DIR ", "\n  list DIR ",
		"\n  show FILE...", "--key KIND", "--days N",
		"--not-before TIME", "--not-after TIME", "--name CN",
		"--count N", "--pkcs12", "--password-file FILE", "--force" };

	shell_expect(0, "the PKCS #12 password is hashed", CERTS "--help");
	shell_expect(0, "(default five minutes ago)", CERTS "--help");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		shell_expect(0, words[i], CERTS "--help");
	shell_expect(0, "GnuTLS 3.", CERTS "--version");
}

TEST(usage)
{
	shell_expect(2, "tlsecho-certs: no command given\nTry", CERTS);
	shell_expect(
	    2, "tlsecho-certs: 'frob' is not a command\nTry", CERTS "frob");
	shell_expect(
	    2, "tlsecho-certs: too few operands: init DIR\n", CERTS "init");
	shell_expect(2, "--frob", CERTS "init x --frob");
}

TEST(options_may_stand_anywhere)
{
	scratch_enter();
	shell_expect(0, "a/ca.pem", CERTS "--key ed25519 init a");
	shell_expect(0, "b/ca.pem", CERTS "init --key=ed25519 b");
	shell_expect(0, "c/ca.pem", CERTS "init c -k ed25519");
	shell_expect(0, "3\n",
	    CERTS "show a/ca.pem b/ca.pem c/ca.pem | grep -c 'key .*Ed25519'");
	scratch_leave();
}

/* Nothing of a key may be left in a core file. */
TEST(no_core_file)
{
	scratch_enter();
	shell_expect(0, "no core",
	    "ulimit -Sc $(ulimit -Hc); mkfifo fifo; " CERTS "show fifo & "
	    "exec 3>fifo; kill -ABRT $!; wait $!; ls core* || echo no core");
	scratch_leave();
}

SUITE("certs/main")
