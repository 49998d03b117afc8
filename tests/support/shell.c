/* shell: runs a command line and keeps what it says; see the header. */
#include "tests/support/shell.h"

#include <check.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	COMMAND_MAX = 8192,
	OUTPUT_MAX = 65536
};

static char output[OUTPUT_MAX];

/* This program is build/MODE/tests/.../test_x. */
const char *
shell_find_programs(void)
{
	static char dir[PATH_MAX];
	char *end = NULL;
	char *path;

	if (dir[0] != '\0')
		return dir;
	if (readlink("/proc/self/exe", dir, sizeof dir - 1) < 0)
		abort();
	for (char *at = dir; (at = strstr(at, "/tests/")) != NULL; at++)
		end = at;
	if (end == NULL ||
	    asprintf(&path, "%.*s:%s", (int)(end - dir), dir, getenv("PATH")) <
		0)
		abort();
	*end = '\0';
	(void)setenv("PATH", path, 1);
	free(path);
	return dir;
}

static int
run(const char *command)
{
	FILE *pipe;
	size_t used = 0;
	size_t n;
	int status;

	(void)shell_find_programs();
	pipe = popen(command, "re");
	ck_assert_ptr_nonnull(pipe);
	while ((n = fread(output + used, 1, OUTPUT_MAX - 1 - used, pipe)) > 0)
		used += n;
	output[used] = '\0';
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Everything that the command line says goes to one pipe. */
static int run_format(char command[static COMMAND_MAX], const char *format,
    va_list args) __attribute__((format(printf, 2, 0)));

static int
run_format(char command[static COMMAND_MAX], const char *format, va_list args)
{
	static const char before[] = "exec 2>&1; ";
	size_t room = COMMAND_MAX - (sizeof before - 1);
	int n;

	(void)strcpy(command, before);
	n = vsnprintf(command + sizeof before - 1, room, format, args);
	ck_assert(n >= 0 && (size_t)n < room);
	return run(command);
}

int
shell(const char *format, ...)
{
	char command[COMMAND_MAX];
	va_list args;
	int status;

	va_start(args, format);
	status = run_format(command, format, args);
	va_end(args);
	return status;
}

const char *
shell_output(void)
{
	return output;
}

json_t *
shell_json(void)
{
	json_error_t error;
	json_t *value = json_loads(output, 0, &error);

	ck_assert_msg(value != NULL, "%s:\n%s", error.text, output);
	return value;
}

void
shell_expect(int status, const char *text, const char *format, ...)
{
	char command[COMMAND_MAX];
	va_list args;
	int got;

	va_start(args, format);
	got = run_format(command, format, args);
	va_end(args);
	ck_assert_msg(got == status && strstr(output, text) != NULL,
	    "%s\nended with %d and said:\n%s\nwanted: %d and '%s'", command,
	    got, output, status, text);
}

bool
shell_has_program(const char *name)
{
	char why[128];

	if (shell("command -v %s", name) == 0)
		return true;
	(void)snprintf(why, sizeof why, "%s is not installed", name);
	suite_skip(why);
	return false;
}
