/* cpus: CPU lists and sched_setaffinity(2); see the header. */
#include "common/sys/cpus.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>

#include "common/base/assertion.h"

/* A number; *text moves past it. -1: there is none, or it is too large. */
static int
read_number(const char **text)
{
	int number = 0;

	if (**text < '0' || **text > '9')
		return -1;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		number = 10 * number + (**text - '0');
		if (number > UINT16_MAX)
			return -1;
	}
	return number;
}

/* N or N-M, and the comma after it; false when it is something else. */
static bool
read_range(const char **text, int *first, int *last)
{
	*first = *last = read_number(text);
	if (*first >= 0 && **text == '-') {
		(*text)++;
		*last = read_number(text);
	}
	if (*first < 0 || *last < *first)
		return false;
	if (**text == '\0')
		return true;
	/* A comma is followed by something. */
	return *(*text)++ == ',' && **text != '\0';
}

int
cpus_parse(struct cpus *cpus, const char *text, struct errmsg *e)
{
	const char *p = text;
	int first, last;

	cpus->count = 0;
	do {
		if (!read_range(&p, &first, &last))
			return errmsg_set(e,
			    "'%.64s' is not a list of CPUs, such as 0,2,4-7",
			    text);
		for (int cpu = first; cpu <= last; cpu++) {
			if (cpus->count == CPUS_MAX)
				return errmsg_set(
				    e, "lists more than %d CPUs", CPUS_MAX);
			cpus->of[cpus->count++] = (uint16_t)cpu;
		}
	} while (*p != '\0');
	return 0;
}

int
cpus_usable(struct cpus *cpus, struct errmsg *e)
{
	cpu_set_t set;

	cpus->count = 0;
	if (sched_getaffinity(0, sizeof set, &set) < 0)
		return errmsg_set_errno(e, errno, "sched_getaffinity");
	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus->of[cpus->count++] = (uint16_t)cpu;
	return 0;
}

unsigned
cpus_count_usable(void)
{
	struct cpus usable;
	struct errmsg ignored;

	return cpus_usable(&usable, &ignored) == 0 ? usable.count : 1;
}

static bool
contains(const struct cpus *cpus, unsigned cpu)
{
	for (unsigned i = 0; i < cpus->count; i++)
		if (cpus->of[i] == cpu)
			return true;
	return false;
}

int
cpus_check_usable(const struct cpus *cpus, struct errmsg *e)
{
	struct cpus usable;

	if (cpus_usable(&usable, e) < 0)
		return -1;
	for (unsigned i = 0; i < cpus->count; i++)
		if (!contains(&usable, cpus->of[i]))
			return errmsg_set(e,
			    "CPU %u: this process may not run on it",
			    cpus->of[i]);
	return 0;
}

unsigned
cpus_nth(const struct cpus *cpus, unsigned n)
{
	ASSERT(cpus->count > 0);
	return cpus->of[n % cpus->count];
}

int
cpus_pin(unsigned cpu, struct errmsg *e)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		return errmsg_set_errno(e, errno, "cannot run on CPU %u", cpu);
	return 0;
}
