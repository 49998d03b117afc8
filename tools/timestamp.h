/* timestamp: wall-clock time as RFC 3339 writes it, in UTC. */
#ifndef TOOLS_TIMESTAMP_H
#define TOOLS_TIMESTAMP_H

#include <stdint.h>

enum {
	TIMESTAMP_TEXT = 32
};

/* "2026-01-31T12:34:56Z" and "2026-01-31T12:34:56.789Z"; ns since 1970. */
const char *timestamp_s(int64_t wall_ns, char text[static TIMESTAMP_TEXT]);
const char *timestamp_ms(int64_t wall_ns, char text[static TIMESTAMP_TEXT]);

#endif
