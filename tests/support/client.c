/* client: its command line, and report.json; see the header. */
#include "tests/support/client.h"

#include <check.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

static json_t *report;

/* The program, with what the options do not say about who it is. */
static const char *
program(const char *options)
{
	static char line[128];

	(void)snprintf(line, sizeof line,
	    "tlsecho-client --json report.json%s%s",
	    strstr(options, "--cert ") == NULL &&
		    strstr(options, "--identities ") == NULL
		? " --cert ca/alice.pem --key ca/alice.key"
		: "",
	    strstr(options, "--ca ") == NULL ? " --ca ca/ca.pem" : "");
	return line;
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
	shell_expect(status, "", "exec %s --quiet %s %s", program(options),
	    options, target);
	client_read_report();
	ck_assert_int_eq(json_is_true(client_member("", "ok")), status == 0);
}

void
client_start(struct spawn *s, const char *target, const char *options,
    const struct spawn_options *how)
{
	spawn_shell(s, how, "%s %s %s", program(options), options, target);
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
