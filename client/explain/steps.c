/* steps: results and sentences; see the header. */
#include "client/explain/steps.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *title, *word;
} names[STEPS] = {
	[STEP_NAME] = { "name", "name" },
	[STEP_TCP] = { "TCP connect", "tcp" },
	[STEP_HANDSHAKE] = { "TLS handshake", "handshake" },
	[STEP_SERVER] = { "server's certificate", "server_certificate" },
	[STEP_CLIENT] = { "client's certificate", "client_certificate" },
	[STEP_ECHO] = { "echo", "echo" },
	[STEP_RESUMPTION] = { "resumption", "resumption" },
	[STEP_CLOSE] = { "close", "close" },
};

enum {
	FIRST_STATUS = 10
};

const char *
step_title(enum step step)
{
	return names[step].title;
}

const char *
step_word(enum step step)
{
	return names[step].word;
}

const char *
verdict_word(enum verdict verdict)
{
	static const char *const words[] = { "skipped", "ok", "warning",
		"failed" };

	return words[verdict];
}

void
steps_free(struct steps *steps)
{
	for (int i = 0; i < STEPS; i++)
		file_bytes_free(&steps->of[i].details);
}

void
steps_detail(struct steps *steps, enum step step, const char *format, ...)
{
	char line[2048];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	(void)strcat(line, "\n");
	(void)file_bytes_append(&steps->of[step].details, line, strlen(line));
}

void
steps_end(struct steps *steps, enum step step, enum verdict verdict,
    int64_t took_ns, const char *format, ...)
{
	struct step_result *result = &steps->of[step];
	va_list args;

	result->verdict = verdict;
	result->took_ns = took_ns;
	va_start(args, format);
	(void)vsnprintf(result->text, sizeof result->text, format, args);
	va_end(args);
	if (verdict == VERDICT_FAILED && step < steps->failed)
		steps->failed = step;
}

void
steps_blame(struct steps *steps, const char *cause, const char *remedy)
{
	steps_blame_cause(steps, remedy, "%s", cause);
}

void
steps_blame_cause(
    struct steps *steps, const char *remedy, const char *format, ...)
{
	va_list args;

	if (steps->cause[0] != '\0')
		return;
	va_start(args, format);
	(void)vsnprintf(steps->cause, sizeof steps->cause, format, args);
	va_end(args);
	(void)snprintf(steps->remedy, sizeof steps->remedy, "%s", remedy);
}

int
steps_exit_status(const struct steps *steps)
{
	return steps->failed == STEPS ? 0 : FIRST_STATUS + (int)steps->failed;
}
