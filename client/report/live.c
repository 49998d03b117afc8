/* live: values that move to the left, and bars of eight heights. */
#include "client/report/live.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	HEIGHTS = 8
};

static const char *const bars[2][HEIGHTS + 1] = {
	{ " ", ".", ".", "-", "-", "=", "=", "#", "#" },
	{ " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
};

void
live_init(struct live *live)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);

	*live = (struct live){ .count = 0 };
	if (locale == (locale_t)0)
		return;
	live->is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
}

void
live_add(struct live *live, const double values[static LIVE_ROWS])
{
	bool is_full = live->count == LIVE_CELLS;

	for (int i = 0; i < LIVE_ROWS; i++) {
		double *row = live->rows[i];

		ASSERT(values[i] >= 0);
		if (is_full)
			memmove(row, row + 1, (LIVE_CELLS - 1) * sizeof *row);
		row[is_full ? LIVE_CELLS - 1 : live->count] = values[i];
	}
	if (!is_full)
		live->count++;
}

const char *
live_spark(
    const struct live *live, enum live_row row, char text[static LIVE_TEXT])
{
	const double *values = live->rows[row];
	double max = 0;
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < live->count; i++)
		max = fmax(max, values[i]);
	for (unsigned i = 0; i < live->count; i++) {
		int height = max > 0 ? (int)ceil(values[i] / max * HEIGHTS) : 0;

		used += (size_t)snprintf(text + used, LIVE_TEXT - used, "%s",
		    bars[live->is_utf8][height]);
	}
	return text;
}
