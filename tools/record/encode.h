/*
 * encode: a sample as the payload of a block.
 *
 * Use:
 *	if (record_encode(&payload, now, &basis) )) ...
 */
#ifndef TOOLS_RECORD_ENCODE_H
#define TOOLS_RECORD_ENCODE_H

#include "tools/record/format.h"
#include "tools/sample/sample.h"

struct record_basis {
	/* What CHANGES are against, of the same server; NULL: it is FULL. */
	const struct sample *before;
	bool continues; /* the block before is this recorder's, too */
	unsigned conns; /* so many connections at most, in both samples */
};

/*
 * Appends to the payload. Of connections, each worker has the same share. False
 * if the sample has more than a recording may hold; without memory the payload
 * has failed.
 */
bool record_encode(struct record_buffer *payload, const struct sample *now,
    const struct record_basis *basis);

#endif
