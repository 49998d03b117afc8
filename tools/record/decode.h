/*
 * decode: the payload of a block as a sample. It may come from anybody: what
 * it says is checked, and can be shown. One thread at a time.
 *
 * Use:
 *	s = record_decode(RECORD_CHANGES, payload, size, before, &e);
 */
#ifndef TOOLS_RECORD_DECODE_H
#define TOOLS_RECORD_DECODE_H

#include "common/base/errmsg.h"
#include "tools/record/format.h"
#include "tools/sample/sample.h"

/*
 * before is the sample that changes are against, NULL when there is none. NULL
 * with words that can follow "FILE: ".
 */
struct sample *record_decode(enum record_type type, const uint8_t *payload,
    size_t size, const struct sample *before, struct errmsg *e);

struct record_times {
	unsigned flags;
	int64_t now_ns, wall_ns; /* of a full block; else the changes of them */
};

/* From the front of a payload, as much as is there of it. */
bool record_decode_times(
    const uint8_t *payload, size_t size, struct record_times *times);

#endif
