/* entry: the words of rows and offenders; see the header. */
#include "common/stats/entry.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "common/stats/row.h"

enum {
	WORDS = sizeof(struct stats_row) / sizeof(uint64_t),
	COPY_ATTEMPTS = 16
};
_Static_assert(
    sizeof(struct stats_row) == sizeof(struct stats_offender), "one size");
_Static_assert(sizeof(struct stats_entry_head) == sizeof(uint64_t), "a word");

static uint64_t
load(const void *entry, int i)
{
	const _Atomic uint64_t *words = entry;

	return atomic_load_explicit(&words[i], memory_order_acquire);
}

static void
store(void *entry, int i, uint64_t value)
{
	_Atomic uint64_t *words = entry;

	atomic_store_explicit(&words[i], value, memory_order_release);
}

struct stats_entry_head
stats_entry_head(const void *entry)
{
	uint64_t word = load(entry, 0);
	struct stats_entry_head head;

	memcpy(&head, &word, sizeof head);
	return head;
}

static void
set_head(void *entry, struct stats_entry_head head)
{
	uint64_t word;

	memcpy(&word, &head, sizeof word);
	store(entry, 0, word);
}

/* A writer that died has left an odd number: this one begins as it did. */
void
stats_entry_write(void *entry, const void *image)
{
	struct stats_entry_head head = stats_entry_head(entry), next;
	uint64_t words[WORDS];

	memcpy(words, image, sizeof words);
	memcpy(&next, image, sizeof next);
	head.sequence |= 1;
	set_head(entry, head);
	for (int i = 1; i < WORDS; i++)
		store(entry, i, words[i]);
	next.sequence = head.sequence + 1;
	set_head(entry, next);
}

void
stats_entry_set_state(void *entry, uint8_t state)
{
	struct stats_entry_head head = stats_entry_head(entry);

	head.state = state;
	set_head(entry, head);
}

static bool
try_copy(const void *entry, void *image)
{
	struct stats_entry_head head = stats_entry_head(entry);
	uint64_t words[WORDS];

	if (stats_entry_is_torn(head))
		return false;
	memcpy(words, &head, sizeof head);
	for (int i = 1; i < WORDS; i++)
		words[i] = load(entry, i);
	memcpy(image, words, sizeof words);
	return stats_entry_head(entry).sequence == head.sequence;
}

bool
stats_entry_copy(const void *entry, void *image)
{
	for (int i = 0; i < COPY_ATTEMPTS; i++) {
		if (try_copy(entry, image))
			return true;
		if (i == COPY_ATTEMPTS / 2)
			(void)sched_yield(); /* it may need this processor */
	}
	return false;
}
