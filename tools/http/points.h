/*
 * points: the last points of a graph, as text, for those who come later.
 *
 * Owns:	the texts.
 * Use:
 *	points_add(&points, text);
 *	points_print(&points, out);
 *	points_clear(&points);
 */
#ifndef TOOLS_HTTP_POINTS_H
#define TOOLS_HTTP_POINTS_H

#include <stdio.h>

enum {
	POINTS_MAX = 300 /* five minutes, at one a second */
};

/* Empty when it is all 0. */
struct points {
	char *of[POINTS_MAX];
	unsigned first, count;
};

/* Takes text over, for free(3); NULL adds nothing. The oldest goes. */
void points_add(struct points *points, char *text);

/* The oldest first, with commas between them. */
void points_print(const struct points *points, FILE *out);

void points_clear(struct points *points);

#endif
