/* resumption: a share by carrying what is owed; see the header. */
#include "client/load/resumption.h"

#include <stdlib.h>

#include "common/base/assertion.h"
#include "common/tls/resume.h"

enum {
	WHOLE = 100,      /* percent */
	TICKETS_EACH = 16 /* for each connection there is room for so many */
};

int
resumption_init(struct resumption *r, unsigned percent, unsigned connections,
    unsigned identities)
{
	unsigned each;

	ASSERT(percent >= 1 && percent <= WHOLE);
	ASSERT(identities >= 1);
	*r = (struct resumption){ .percent = percent };
	r->tickets = calloc(identities, sizeof *r->tickets);
	if (r->tickets == NULL)
		return -1;
	each = (TICKETS_EACH * connections + identities - 1) / identities;
	while (r->identities < identities)
		if (tickets_init(&r->tickets[r->identities++], each) < 0)
			return -1;
	return 0;
}

void
resumption_fini(struct resumption *r)
{
	for (unsigned i = 0; i < r->identities; i++)
		tickets_fini(&r->tickets[i]);
	free(r->tickets);
	*r = (struct resumption){ .tickets = NULL };
}

struct tls_resume *
resumption_draw(struct resumption *r, unsigned identity)
{
	struct tls_resume *ticket = NULL;

	ASSERT(identity < r->identities);
	r->owed += r->percent;
	if (r->owed >= WHOLE)
		ticket = tickets_get(&r->tickets[identity]);
	if (ticket != NULL)
		r->owed -= WHOLE;
	return ticket;
}

/* Some servers give several at a time, and none for a session resumed. */
unsigned
resumption_take(struct resumption *r, unsigned identity, struct tls *tls)
{
	struct tls_resume *kept;
	unsigned n = 0;

	for (; (kept = tls_resume_take(tls)) != NULL; n++)
		tickets_put(&r->tickets[identity], kept);
	return n;
}

void
resumption_end(struct resumption *r, unsigned identity,
    struct tls_resume **ticket, bool was_seen)
{
	if (*ticket != NULL && !was_seen) {
		tickets_put(&r->tickets[identity], *ticket);
		r->owed += WHOLE;
		*ticket = NULL;
	}
	tls_resume_free(ticket);
}
