/* payload: fills the block; see the header. */
#include "client/load/payload.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

int
payload_init(
    struct payload *p, size_t min, size_t max, uint64_t seed, struct errmsg *e)
{
	ASSERT(min >= 1 && min <= max && max < (size_t)1 << 31);
	*p = (struct payload){ .min = min, .max = max, .state = seed };
	p->size = 2 * max;
	if (p->size < PAYLOAD_BLOCK_MIN)
		p->size = PAYLOAD_BLOCK_MIN;
	p->size = (p->size + 7) / 8 * 8;
	p->block = malloc(p->size);
	if (p->block == NULL)
		return errmsg_set(e, "messages: out of memory");
	for (size_t i = 0; i < p->size; i += 8) {
		uint64_t word = payload_random(p);

		memcpy(p->block + i, &word, sizeof word);
	}
	return 0;
}

void
payload_fini(struct payload *p)
{
	free(p->block);
	p->block = NULL;
}
