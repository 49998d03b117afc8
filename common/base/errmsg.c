/* errmsg: the text of a set-up error; see the header. */
#include "common/base/errmsg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Puts ": " and what follows at the end. */
static int
append(struct errmsg *e, const char *text)
{
	size_t used = strlen(e->text);

	(void)snprintf(e->text + used, sizeof e->text - used, ": %s", text);
	return -1;
}

int
errmsg_set(struct errmsg *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	return -1;
}

int
errmsg_set_errno(struct errmsg *e, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	return append(e, strerror(error));
}

int
errmsg_prepend(struct errmsg *e, const char *format, ...)
{
	struct errmsg old = *e;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	return append(e, old.text);
}
