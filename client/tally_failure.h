/* tally_failure: how a connection failed, as a tally keeps the first one. */
#ifndef CLIENT_TALLY_FAILURE_H
#define CLIENT_TALLY_FAILURE_H

#include <stdint.h>

#include "common/base/close_reason.h"

enum {
	TALLY_DETAIL = 64
};

struct tally_failure {
	int64_t time_ns;           /* 0: there is none */
	char detail[TALLY_DETAIL]; /* the alert's name, or the error's; or "" */
	unsigned connection;       /* from 0 */
	unsigned worker;           /* from 0 */
	enum close_reason reason;
	uint8_t alert; /* its number, if that is the reason */
};

#endif
