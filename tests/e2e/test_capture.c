/* test_capture: `make capture` explains a connection from SYN to FIN. */
#include <check.h>
#include <string.h>

#include "tests/support/shell.h"
#include "tests/support/suite.h"

/* In this order. */
static const char *const lines[] = { "SYN: the client asks",
	"SYN, ACK: the server accepts", "ACK: the connection is open",
	"ClientHello: ", "ServerHello: ", "CertificateRequest: ",
	"Certificate: the server's",
	"CertificateVerify: ", "Certificate: the client's",
	"This makes TLS mutual.", "Finished: ", "Of a message: ",
	"Of its echo: ", "close_notify: the client", "close_notify: the server",
	"FIN: ", "ACK: the connection has ended." };

START_TEST(explained)
{
	const char *at;

	shell_expect(0, "", "exec tests/capture \"%s\"", shell_find_programs());
	at = shell_output();
	if (strncmp(at, "skipped: ", strlen("skipped: ")) == 0) {
		suite_skip(at);
		return;
	}
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		at = strstr(at, lines[i]);
		ck_assert_msg(at != NULL, "'%s' does not come in:\n%s",
		    lines[i], shell_output());
	}
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/capture");

	SUITE_ADD_SLOW(s, explained, 100);
	return suite_run(s, argc, argv);
}
