/* fixture: a shell script that makes identities; see the header. */
#include "tests/support/fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/shell.h"
#include "tests/support/suite.h"

enum {
	PATHS = 8,
	PATH_SIZE = 256
};

static char dir[PATH_SIZE];

static const char script[] =
    "set -e; exec >/dev/null\n"
    "echo 'an open sesame' >password && chmod 600 password\n"
    "tlsecho-certs init ca; tlsecho-certs init other\n"
    "tlsecho-certs server ca server localhost 127.0.0.1 ::1\n"
    "tlsecho-certs server ca renewed localhost 127.0.0.1\n"
    "tlsecho-certs server ca pfx-server localhost 127.0.0.1 --pkcs12"
    " --password-file password\n"
    "tlsecho-certs client ca alice bob\n"
    "tlsecho-certs client ca carol --pkcs12 --password-file password\n"
    "tlsecho-certs client ca expired --not-before -2d --not-after -1d\n"
    "tlsecho-certs client ca future --not-before +1d --not-after +2d\n"
    "tlsecho-certs client other mallory\n";

/* libcheck's assertions, and so shell(), work in a test case only. */
static int
run(const char *command)
{
	if (system(command) == 0)
		return 0;
	fprintf(stderr, "fixture: failed in %s\n", dir);
	return -1;
}

static int
make(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)shell_find_programs();
	(void)snprintf(dir, sizeof dir, "%s/tlsecho-e2e.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL || chdir(dir) < 0) {
		perror(dir);
		return -1;
	}
	(void)setenv("TLSECHO_FIXTURE", dir, 1);
	return run(script);
}

int
fixture_run(struct suite *s, int argc, char **argv)
{
	int status = 1;

	if (make() == 0)
		status = suite_run(s, argc, argv);
	if (run("rm -rf \"$TLSECHO_FIXTURE\""
		" /dev/shm/tlsecho.e2e-${TLSECHO_FIXTURE##*.}-*") < 0)
		status = 1;
	return status;
}

const char *
fixture_word(void)
{
	return strrchr(dir, '.') + 1;
}

const char *
fixture_path(const char *format, ...)
{
	static char paths[PATHS][PATH_SIZE * 2];
	static unsigned next;
	char *path = paths[next++ % PATHS];
	char name[PATH_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(name, sizeof name, format, args);
	va_end(args);
	(void)snprintf(path, sizeof paths[0], "%s/%s", dir, name);
	return path;
}
