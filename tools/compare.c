/* compare: two moments, one table; see the header. */
#include "tools/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/record/diff.h"
#include "tools/record/moment.h"
#include "tools/screen.h"

static int
print_text(void *arg, FILE *out)
{
	return diff_print(arg, out);
}

static int
print_json(void *arg, FILE *out)
{
	return diff_print_json(arg, out);
}

static int
print(struct diff *d, bool json, struct errmsg *e)
{
	enum screen_event event = SCREEN_FAILED;
	struct screen *screen;

	if (screen_open(&screen, e) == 0)
		event =
		    screen_print(screen, json ? print_json : print_text, d, e);
	screen_close(&screen);
	return event == SCREEN_FAILED ? -1 : 0;
}

/* A single recording is compared with its own first sample. */
static char *
first_of(const char *file)
{
	char *text;

	return asprintf(&text, "%s@first", file) < 0 ? NULL : text;
}

int
compare_run(const struct options *options, struct errmsg *e)
{
	const char *const *of = options->diff;
	char *first = of[1] == NULL ? first_of(of[0]) : NULL;
	struct diff d = { .a_name = of[1] == NULL ? first : of[0],
		.b_name = of[1] == NULL ? of[0] : of[1],
		.all = options->all };
	struct sample *a = NULL, *b = NULL;
	int result = -1;

	errmsg_set(e, "out of memory");
	if (d.a_name != NULL)
		a = moment_take(d.a_name, e);
	if (a != NULL)
		b = moment_take(d.b_name, e);
	if (b != NULL) {
		d.a = a;
		d.b = b;
		result = print(&d, options->json, e);
	}
	sample_free(&a);
	sample_free(&b);
	free(first);
	return result;
}
