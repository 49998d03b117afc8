/*
 * plan: which rate to try next, from what became of those tried so far.
 *
 * Rates are doubled until one is missed (or begin at a highest one and fall),
 * then the gap between the highest rate held and the lowest missed is halved
 * until it is small, and at last the highest that held is confirmed. One that
 * is not confirmed was luck: the next is lower by 3, then 6, 12, 24 percent.
 *
 * Use:
 *	plan_init(&plan, start, most, least);
 *	while ((rate = plan_next(&plan)) > 0)
 *		plan_tell(&plan, held, made);
 *	... plan.found ...
 */
#ifndef CLIENT_SEARCH_PLAN_H
#define CLIENT_SEARCH_PLAN_H

#include <stdbool.h>

struct plan {
	double start, most, least; /* all a second */
	double low;                /* the highest that was held; or 0 */
	double high;               /* the lowest that was missed; or 0 */
	double guess;              /* that may be held, when none was yet */
	double back;               /* share of the next step back */
	double found;              /* that was confirmed; or 0 */
	bool confirms;             /* the next one is to confirm low */
	bool is_over;
};

/* Between least and most, above 0; the search begins at start. */
void plan_init(struct plan *plan, double start, double most, double least);

/* 0 when the search is over. */
double plan_next(const struct plan *plan);

/* What became of that rate; made is what was made of it a second. */
void plan_tell(struct plan *plan, bool held, double made);

#endif
