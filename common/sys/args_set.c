/* args_set: by the kind of an option; see the header. */
#include "common/sys/args_set.h"

#include <inttypes.h>

#include "common/base/assertion.h"
#include "common/base/units.h"

#define BOUND_WORTH_TELLING    UINT64_C(1000000000000)
#define DURATION_WORTH_TELLING (UINT64_C(1000) * 86400 * 1000000000)

/* A maximum that nobody reaches on purpose would only puzzle. */
static int
set_count(const struct args_option *o, uint64_t *field, const char *value,
    struct errmsg *e)
{
	bool is_bounded = o->max <= BOUND_WORTH_TELLING;
	uint64_t count;

	if (units_parse_count(value, &count, e) < 0)
		return -1;
	if (!is_bounded && count < o->min)
		return errmsg_set(
		    e, "'%s' is too small: at least %" PRIu64, value, o->min);
	if (!is_bounded && count > o->max)
		return errmsg_set(e, "'%s' is too large", value);
	if (count < o->min || count > o->max)
		return errmsg_set(e,
		    "'%s' is not between %" PRIu64 " and %" PRIu64, value,
		    o->min, o->max);
	*field = count;
	return 0;
}

static int
set_duration(const struct args_option *o, int64_t *field, const char *value,
    struct errmsg *e)
{
	char min[UNITS_TEXT];
	char max[UNITS_TEXT];
	int64_t ns;

	if (units_parse_duration(value, &ns, e) < 0)
		return -1;
	if (ns < (int64_t)o->min && o->max > DURATION_WORTH_TELLING)
		return errmsg_set(e, "'%s' is too short: at least %s", value,
		    units_format_duration((int64_t)o->min, min));
	if (ns > (int64_t)o->max && o->max > DURATION_WORTH_TELLING)
		return errmsg_set(e, "'%s' is too long", value);
	if (ns < (int64_t)o->min || ns > (int64_t)o->max)
		return errmsg_set(e, "'%s' is not between %s and %s", value,
		    units_format_duration((int64_t)o->min, min),
		    units_format_duration((int64_t)o->max, max));
	*field = ns;
	return 0;
}

static int
append(const struct args_option *o, const char **list, const char *value,
    struct errmsg *e)
{
	uint64_t n = 0;

	while (n < o->max && list[n] != NULL)
		n++;
	if (n == o->max)
		return errmsg_set(
		    e, "may be given %" PRIu64 " times at most", o->max);
	list[n] = value;
	return 0;
}

int
args_set(const struct args_option *o, void *target, const char *value,
    struct errmsg *e)
{
	void *field = (char *)target + o->offset;

	switch (o->kind) {
	case ARGS_KIND_SWITCH:
		*(bool *)field = true;
		return 0;
	case ARGS_KIND_STRING:
	case ARGS_KIND_LIST:
		if (value[0] == '\0')
			return errmsg_set(e, "must not be empty");
		if (o->kind == ARGS_KIND_LIST)
			return append(o, field, value, e);
		*(const char **)field = value;
		return 0;
	case ARGS_KIND_COUNT:
		return set_count(o, field, value, e);
	case ARGS_KIND_DURATION:
		return set_duration(o, field, value, e);
	case ARGS_KIND_CALL:
	case ARGS_KIND_HEADING:
		break;
	}
	ASSERT(o->kind == ARGS_KIND_CALL);
	return o->set(target, value, e);
}
