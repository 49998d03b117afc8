/* greeting: collected until it is whole, then shown; see the header. */
#include "client/load/greeting.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"
#include "common/sys/file.h"

void
greeting_init(struct greeting *g, int fd)
{
	*g = (struct greeting){ .fd = fd,
		.state = fd < 0 ? GREETING_NONE : GREETING_AWAITED };
}

/* Each byte may become \XX, and there is room for a line feed. A worker has one
 * thread, so the text need not be on its stack. */
static void
show(const struct greeting *g, size_t n)
{
	static char text[3 * GREETING_MAX + 8];
	size_t used =
	    printable_append(text, sizeof text - 1, 0, g->bytes, n, "");

	text[used++] = '\n';
	(void)file_write_all(g->fd, text, used);
}

/* Without the line feed. */
static bool
is_object(const struct greeting *g, size_t n)
{
	return n >= 2 && g->bytes[n - 1] == '}';
}

/* The last byte that has come is a line feed. */
static bool
end_line(struct greeting *g)
{
	size_t n = g->n - 1U;

	if (!is_object(g, n))
		return false;
	show(g, n);
	g->state = GREETING_SHOWN;
	greeting_clear(g);
	return true;
}

static bool
append(struct greeting *g, const uint8_t *bytes, size_t n)
{
	if (g->bytes == NULL)
		g->bytes = malloc(GREETING_MAX);
	if (g->bytes == NULL)
		g->state = GREETING_NO_MEMORY;
	else if (n > GREETING_MAX - (size_t)g->n)
		g->state = GREETING_TOO_LONG;
	if (g->state != GREETING_AWAITED)
		return false;
	memcpy(g->bytes + g->n, bytes, n);
	g->n = (uint16_t)(g->n + n);
	return true;
}

size_t
greeting_take(struct greeting *g, const uint8_t *bytes, size_t n)
{
	const uint8_t *end = memchr(bytes, '\n', n);
	size_t taken = end != NULL ? (size_t)(end + 1 - bytes) : n;

	ASSERT(g->state == GREETING_AWAITED && n > 0);
	if (g->n == 0 && bytes[0] != '{')
		return 0;
	if (!append(g, bytes, taken) || (end != NULL && !end_line(g)))
		return 0;
	return taken;
}

const char *
greeting_hint(const struct greeting *g)
{
	static const char *const hints[GREETING_STATES] = {
		[GREETING_NONE] = "",
		[GREETING_UNASKED] =
		    "the server sends a line of JSON first: use --whoami",
		[GREETING_AWAITED] =
		    "no line of JSON came first: leave out --whoami",
		[GREETING_SHOWN] = "",
		[GREETING_TOO_LONG] =
		    "the server's first line is longer than 8 KiB",
		[GREETING_NO_MEMORY] = "no memory for the server's first line",
	};

	return hints[g->state];
}

void
greeting_clear(struct greeting *g)
{
	free(g->bytes);
	g->bytes = NULL;
	g->n = 0;
}
