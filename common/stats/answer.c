/* answer: numbers around a text; see the header. */
#include "common/stats/answer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "common/base/printable.h"
#include "common/stats/private.h"

/* NULL: it has none. */
static struct stats_answers *
answers_of(const struct stats_shm *shm)
{
	void *at = shm->base + shm->more.answers.offset;

	return shm->more.answers.count > 0 ? at : NULL;
}

bool
stats_answer_is_there(const struct stats_shm *shm)
{
	return answers_of(shm) != NULL;
}

void
stats_answer_begin(struct stats_shm *shm)
{
	struct stats_answers *a = answers_of(shm);

	if (a != NULL)
		(void)atomic_fetch_add(&a->begun, 1);
}

void
stats_answer_give(
    struct stats_shm *shm, enum stats_answer_result result, const char *text)
{
	struct stats_answers *a = answers_of(shm);
	uint64_t words[STATS_ANSWER_WORDS] = { 0 };

	if (a == NULL)
		return;
	(void)snprintf((char *)words, sizeof words, "%s", text);
	for (int i = 0; i < STATS_ANSWER_WORDS; i++)
		atomic_store(&a->text[i], words[i]);
	atomic_store(&a->result, result);
	atomic_store(&a->given, atomic_load(&a->begun));
}

uint64_t
stats_answer_begun(const struct stats_shm *shm)
{
	return atomic_load(&answers_of(shm)->begun);
}

bool
stats_answer_read(
    const struct stats_shm *shm, uint64_t before, struct stats_answer *answer)
{
	struct stats_answers *a = answers_of(shm);
	uint64_t words[STATS_ANSWER_WORDS];
	uint64_t given = atomic_load(&a->given);

	if (given <= before)
		return false;
	for (int i = 0; i < STATS_ANSWER_WORDS; i++)
		words[i] = atomic_load(&a->text[i]);
	answer->result = atomic_load(&a->result);
	memcpy(answer->text, words, sizeof words);
	answer->text[sizeof answer->text - 1] = '\0';
	printable_mask(answer->text);
	/* Nothing of a later one was written meanwhile. */
	return atomic_load(&a->begun) == given;
}

pid_t
stats_answer_server(const struct stats_shm *shm)
{
	pid_t holder;

	if (!stats_shm_is_locked(shm->fd, &holder))
		return 0;
	return holder > 0 ? holder : -1;
}
