/* outcomes: counters in shared memory; see the header. */
#include "client/identities/outcomes.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "client/identities/outcome.h"
#include "common/base/assertion.h"

/* counts: for each outcome, one of each identity; then what is expected. */
struct outcomes {
	unsigned identities;
	bool has_expected;
	_Atomic uint64_t totals[OUTCOMES];
	_Atomic uint64_t counts[];
};

static size_t
count_of_counts(unsigned identities)
{
	return (size_t)OUTCOMES * identities;
}

static size_t
size_for(unsigned identities)
{
	return sizeof(struct outcomes) +
	    count_of_counts(identities) * sizeof(uint64_t) +
	    identities * sizeof(uint16_t);
}

struct outcomes *
outcomes_map(unsigned identities, struct errmsg *e)
{
	struct outcomes *o =
	    mmap(NULL, size_for(identities), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (o == MAP_FAILED) {
		(void)errmsg_set_errno(e, errno, "outcomes: mmap");
		return NULL;
	}
	o->identities = identities;
	return o;
}

void
outcomes_unmap(struct outcomes **outcomes)
{
	if (*outcomes != NULL)
		(void)munmap(*outcomes, size_for((*outcomes)->identities));
	*outcomes = NULL;
}

uint16_t *
outcomes_expect(struct outcomes *o)
{
	o->has_expected = true;
	return (
	    uint16_t *)(uintptr_t)&o->counts[count_of_counts(o->identities)];
}

static unsigned
expected_of(const struct outcomes *o, unsigned identity)
{
	const void *expected = &o->counts[count_of_counts(o->identities)];

	return ((const uint16_t *)expected)[identity];
}

static size_t
index_of(const struct outcomes *o, unsigned identity, unsigned outcome)
{
	ASSERT(identity < o->identities && outcome < OUTCOMES);
	return (size_t)outcome * o->identities + identity;
}

bool
outcomes_count(struct outcomes *o, unsigned identity, unsigned outcome)
{
	(void)atomic_fetch_add_explicit(
	    &o->counts[index_of(o, identity, outcome)], 1,
	    memory_order_relaxed);
	(void)atomic_fetch_add_explicit(
	    &o->totals[outcome], 1, memory_order_relaxed);
	return o->has_expected &&
	    outcome_is_as(outcome, expected_of(o, identity));
}

uint64_t
outcomes_total(const struct outcomes *o, unsigned outcome)
{
	ASSERT(outcome < OUTCOMES);
	return atomic_load_explicit(&o->totals[outcome], memory_order_relaxed);
}

/* A row that nobody has touched is not read, either: that would fill it. */
static uint64_t
get(const struct outcomes *o, unsigned identity, unsigned outcome)
{
	return outcomes_total(o, outcome) == 0
	    ? 0
	    : atomic_load_explicit(&o->counts[index_of(o, identity, outcome)],
		  memory_order_relaxed);
}

/* Likewise. */
void
outcomes_reset(struct outcomes *o)
{
	for (unsigned outcome = 0; outcome < OUTCOMES; outcome++) {
		if (outcomes_total(o, outcome) == 0)
			continue;
		for (unsigned i = 0; i < o->identities; i++)
			atomic_store(&o->counts[index_of(o, i, outcome)], 0);
		atomic_store(&o->totals[outcome], 0);
	}
}

unsigned
outcomes_identities(const struct outcomes *o, unsigned outcome)
{
	unsigned count = 0;

	for (unsigned i = 0; i < o->identities; i++)
		count += get(o, i, outcome) > 0;
	return count;
}

/* How often it came out in any way. */
static uint64_t
add_identity(const struct outcomes *o, unsigned i, struct outcomes_sum *sum)
{
	uint64_t all = 0;

	for (unsigned got = 0; got < OUTCOMES; got++) {
		uint64_t count = get(o, i, got);

		all += count;
		if (!o->has_expected)
			continue;
		if (outcome_is_as(got, expected_of(o, i))) {
			sum->as_expected += count;
			continue;
		}
		sum->differed += count;
		if (outcome_is_refusal(got))
			sum->refused_otherwise += count;
	}
	return all;
}

void
outcomes_sum(const struct outcomes *o, struct outcomes_sum *sum)
{
	*sum = (struct outcomes_sum){ .identities = o->identities };
	for (unsigned i = 0; i < o->identities; i++)
		sum->tried += add_identity(o, i, sum) > 0;
}

void
outcomes_each_differing(const struct outcomes *o,
    void (*take)(void *owner, const struct outcomes_row *row), void *owner)
{
	for (unsigned i = 0; o->has_expected && i < o->identities; i++) {
		struct outcomes_row row = { .identity = i,
			.expected = expected_of(o, i) };

		for (row.got = 0; row.got < OUTCOMES; row.got++) {
			row.count = get(o, i, row.got);
			if (row.count > 0 &&
			    !outcome_is_as(row.got, row.expected))
				take(owner, &row);
		}
	}
}
