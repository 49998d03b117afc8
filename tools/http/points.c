/* points: a ring; see the header. */
#include "tools/http/points.h"

#include <stdlib.h>

static char **
place(struct points *points, unsigned index)
{
	return &points->of[(points->first + index) % POINTS_MAX];
}

void
points_add(struct points *points, char *text)
{
	if (text == NULL)
		return;
	if (points->count == POINTS_MAX) {
		free(*place(points, 0));
		points->first = (points->first + 1) % POINTS_MAX;
		points->count--;
	}
	*place(points, points->count++) = text;
}

void
points_print(const struct points *points, FILE *out)
{
	for (unsigned i = 0; i < points->count; i++) {
		if (i > 0)
			fputc(',', out);
		fputs(points->of[(points->first + i) % POINTS_MAX], out);
	}
}

void
points_clear(struct points *points)
{
	for (unsigned i = 0; i < points->count; i++)
		free(*place(points, i));
	points->first = points->count = 0;
}
