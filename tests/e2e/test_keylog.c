/* What a key log gets of sessions, and who may read it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/hex.h"
#include "common/sys/file.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* LABEL, 64 digits of the client's random, 64 to 96 of the secret. */
static void
expect_keylog_line(const char *line, const char *random)
{
	static const char *const labels[] = { "CLIENT_RANDOM",
		"CLIENT_HANDSHAKE_TRAFFIC_SECRET",
		"SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
		"SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET" };
	const char *blank = strchr(line, ' ');
	bool is_known = false;
	size_t digits;

	ck_assert_ptr_nonnull(blank);
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		is_known |= strncmp(line, labels[i], strlen(labels[i])) == 0 &&
		    line + strlen(labels[i]) == blank;
	ck_assert_msg(is_known, "%s", line);
	ck_assert_msg(
	    strncmp(blank + 1, random, 64) == 0, "%s\nnot of %s", line, random);
	ck_assert_int_eq(blank[65], ' ');
	digits = strspn(blank + 66, "0123456789abcdef");
	ck_assert_msg(digits == 64 || digits == 96, "%s", line);
	ck_assert_int_eq(blank[66 + digits], '\n');
}

static void
expect_keylog(const char *random, unsigned lines)
{
	struct file_bytes text = FILE_BYTES_INIT;
	struct errmsg e;
	const char *line;
	unsigned count = 0;

	ck_assert_int_eq(file_read(&text, "keylog", 1 << 16, &e), 0);
	for (line = (const char *)text.data; *line != '\0';
	     line = strchr(line, '\n') + 1) {
		expect_keylog_line(line, random);
		count++;
	}
	ck_assert_uint_eq(count, lines);
	file_bytes_free(&text);
}

/* Where analyzers expect it, and for nobody else's eyes. */
START_TEST(keylog)
{
	gnutls_datum_t client, other;
	char random[65];
	struct stat st;

	(void)unlink("keylog");
	server_start(&server, "--keylog", "keylog", NULL);
	spawn_expect(&server.process, " warn ");
	spawn_expect(&server.process, "can decrypt all sessions");
	resume_open(&peer, NULL, server.port, "ca/alice", _i);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	gnutls_session_get_random(peer.session, &client, &other);
	(void)hex_put(random, client.data, 32, HEX_LOWER);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
	ck_assert_int_eq(stat("keylog", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	expect_keylog(random, _i == 0 ? 5 : 1);
}
END_TEST

/* Both sides write the same, of new sessions and of those resumed. */
START_TEST(keylog_of_client)
{
	(void)unlink("keylog");
	(void)unlink("client.log");
	server_start(&server, "--keylog", "keylog", NULL);
	shell_expect(0, "warning: whoever reads client.log can decrypt",
	    "umask 0; exec tlsecho-client -q --handshakes --resume -n 8 -c 1"
	    " --keylog client.log --priority %s --ca ca/ca.pem"
	    " --cert ca/alice.pem --key ca/alice.key %s",
	    resume_versions[_i], server_address(&server));
	server_stop_clean(&server);
	shell_expect(0, _i == 0 ? "54 -rw-------" : "8 -rw-------",
	    "sort keylog >1 && sort client.log >2 && cmp 1 2 &&"
	    " echo $(wc -l <2) $(ls -l client.log)");
}
END_TEST

START_TEST(keylog_that_others_can_read)
{
	shell_expect(0, "", ": >open.log; chmod 644 open.log");
	server_start_fails(1, "(mode 644): chmod 6", "$ok --keylog open.log");
	shell_expect(1, "tlsecho-client: --keylog: open.log: ",
	    "exec tlsecho-client -q --ca ca/ca.pem --keylog open.log h:1");
}
END_TEST

/* What the library obeys by itself is said to be ignored, and is. */
START_TEST(keylog_from_environment)
{
	static const char *const options[] = { NULL, "--keylog" };

	(void)unlink("keylog");
	(void)setenv("SSLKEYLOGFILE", "environment", 1);
	server_start(&server, options[_i], "keylog", NULL);
	(void)unsetenv("SSLKEYLOGFILE");
	spawn_expect(&server.process, "SSLKEYLOGFILE is ignored");
	resume_echo(server.port, "ca/alice", _i);
	server_stop_clean(&server);
	ck_assert_int_ne(access("environment", F_OK), 0);
	ck_assert_int_eq(access("keylog", F_OK), _i == 0 ? -1 : 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/keylog");

	SUITE_ADD_LOOP(s, keylog, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, keylog_of_client, RESUME_VERSIONS);
	SUITE_ADD(s, keylog_that_others_can_read);
	SUITE_ADD_LOOP(s, keylog_from_environment, 2);
	return fixture_run(s, argc, argv);
}
