/* output_text: a line a step, and what it has to add below it. */
#include <stdio.h>
#include <string.h>

#include "client/explain/output.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/lines.h"
#include "common/base/units.h"

static const char *
word_of(enum verdict verdict)
{
	/* So that the eye finds it. */
	return verdict == VERDICT_FAILED ? "FAILED" : verdict_word(verdict);
}

static void
print_details(FILE *to, const struct file_bytes *details)
{
	const char *at = (const char *)details->data;
	const char *end = at + details->size;

	while (at < end) {
		int n = (int)strcspn(at, "\n");

		fprintf(to, "      %.*s\n", n, at);
		at += n + 1;
	}
}

static void
print_step(FILE *to, const struct steps *steps, enum step step)
{
	const struct step_result *r = &steps->of[step];
	char took[UNITS_TEXT] = "";

	if (r->verdict != VERDICT_SKIPPED && r->took_ns >= 0)
		(void)units_format_duration(r->took_ns, took);
	fprintf(to, "%d %-21s %-8s %8s%s%s\n", (int)step + 1, step_title(step),
	    word_of(r->verdict), took, r->text[0] != '\0' ? "  " : "", r->text);
	if (r->details.size > 0)
		print_details(to, &r->details);
}

static bool
has_warning(const struct steps *steps)
{
	for (int i = 0; i < STEPS; i++)
		if (steps->of[i].verdict == VERDICT_WARNING)
			return true;
	return false;
}

void
output_text(FILE *to, const struct explain *x)
{
	const struct steps *steps = &x->steps;

	for (int i = 0; i < STEPS; i++)
		print_step(to, steps, (enum step)i);
	if (steps->failed == STEPS) {
		fprintf(to, "\n%s.\n",
		    has_warning(steps) ? "Nothing failed, but see the warnings"
				       : "All is well");
		return;
	}
	fprintf(to, "\nStep %d, %s, failed: %s.\n", (int)steps->failed + 1,
	    step_title(steps->failed), steps->of[steps->failed].text);
	fprintf(to, "Likely cause: %s.\n", steps->cause);
	fprintf(to, "What to do: %s.\n", steps->remedy);
}
