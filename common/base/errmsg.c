/* errmsg: the text of a set-up error; see the header. */
#include "common/base/errmsg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
	size_t used;

	va_start(args, format);
	(void)vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	used = strlen(e->text);
	(void)snprintf(
	    e->text + used, sizeof e->text - used, ": %s", strerror(error));
	return -1;
}

int
errmsg_prepend(struct errmsg *e, const char *format, ...)
{
	struct errmsg old = *e;
	va_list args;
	size_t used;

	va_start(args, format);
	(void)vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	used = strlen(e->text);
	(void)snprintf(e->text + used, sizeof e->text - used, ": %s", old.text);
	return -1;
}
