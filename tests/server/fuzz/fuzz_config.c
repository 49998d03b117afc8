/*
 * fuzz_config: a configuration file of whatever the input holds, read, put to
 * use, printed, and read again: `make fuzz ROLE=config`.
 *
 * Whatever is accepted must be printed as it was, and read as the same again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/sys/args_set.h"
#include "server/config.h"
#include "server/config_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct settings none;

/* What was read holds on to nothing of the input. */
static int
read_settings(struct settings *s, const char *bytes, size_t n)
{
	const struct config_text text = { "f", bytes, n };
	struct errmsg e;
	int result = config_file_parse(s, &text, config_options, &none, &e);

	ASSERT(result == 0 || strncmp(e.text, "f:", 2) == 0);
	return result;
}

static char *
write_settings(const struct settings *s, size_t *n)
{
	struct errmsg e;
	char *text;
	FILE *out = open_memstream(&text, n);

	ASSERT(out != NULL);
	for (size_t i = 0; i < s->count; i++)
		ASSERT(config_file_write(out, s->list[i].option->name,
			   s->list[i].value, &e) == 0);
	ASSERT(fclose(out) == 0);
	return text;
}

/* Names of files are not opened, but for one: that of the log level. */
static void
use(const struct settings *s)
{
	static struct config config;
	struct errmsg e;

	memset(&config, 0, sizeof config);
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].option->value != NULL &&
		    strcmp(s->list[i].option->name, "log-level") != 0)
			(void)args_set(
			    s->list[i].option, &config, s->list[i].value, &e);
	config_free(&config);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct settings one = { .list = NULL }, other = { .list = NULL };
	size_t size;
	char *text;

	if (read_settings(&one, (const char *)bytes, n) == 0) {
		use(&one);
		text = write_settings(&one, &size);
		ASSERT(read_settings(&other, text, size) == 0);
		for (const struct args_option *o = config_options;
		     o->name != NULL; o++)
			ASSERT(settings_agree(&one, &other, o));
		free(text);
	}
	settings_free(&one);
	settings_free(&other);
	return 0;
}
