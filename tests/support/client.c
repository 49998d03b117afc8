/* client: its command line, and report.json; see the header. */
#include "tests/support/client.h"

#include <check.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

#define PROGRAM "tlsecho-client --json report.json%s%s"

static json_t *report;

/* Alice and the fixture's root, unless the options have others. */
static const char *
identity(const char *options)
{
	return strstr(options, "--cert ") != NULL
	    ? ""
	    : " --cert ca/alice.pem --key ca/alice.key";
}

static const char *
trust(const char *options)
{
	return strstr(options, "--ca ") != NULL ? "" : " --ca ca/ca.pem";
}

void
client_read_report(void)
{
	json_error_t error;

	json_decref(report);
	report = json_load_file("report.json", 0, &error);
	ck_assert_msg(report != NULL, "%s", error.text);
}

void
client_run(int status, const char *target, const char *format, ...)
{
	char options[512];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(options, sizeof options, format, args);
	va_end(args);
	ck_assert(n >= 0 && (size_t)n < sizeof options);
	shell_expect(status, "", "exec " PROGRAM " --quiet %s %s",
	    identity(options), trust(options), options, target);
	client_read_report();
	ck_assert_int_eq(json_is_true(client_member("", "ok")), status == 0);
}

void
client_start(struct spawn *s, const char *target, const char *options,
    const struct spawn_options *how)
{
	spawn_shell(s, how, PROGRAM " %s %s", identity(options), trust(options),
	    options, target);
}

int
client_interrupt(struct spawn *s)
{
	int status;

	spawn_signal(s, SIGINT);
	status = spawn_wait(s);
	spawn_expect(s, "Errors: 0\n");
	spawn_expect(s, "Interrupted by a signal.\n");
	return status;
}

const json_t *
client_member(const char *object, const char *name)
{
	const json_t *in =
	    object[0] != '\0' ? json_object_get(report, object) : report;

	return json_object_get(in, name);
}

uint64_t
client_number(const char *object, const char *name)
{
	return (uint64_t)json_integer_value(client_member(object, name));
}
