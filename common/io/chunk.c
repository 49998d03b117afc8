/* chunk: from malloc(3) and back to it; see the header. */
#include "common/io/chunk.h"

#include <stdlib.h>

struct io_chunk *
io_chunk_new(void)
{
	struct io_chunk *chunk = malloc(sizeof *chunk);

	if (chunk == NULL)
		return NULL;
	chunk->next = NULL;
	chunk->begin = chunk->end = 0;
	return chunk;
}

void
io_chunk_pool_empty(struct io_chunk_pool *pool)
{
	while (pool->first != NULL)
		free(io_chunk_get(pool));
}
