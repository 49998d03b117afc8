/*
 * cgroup: where this process is in the unified hierarchy of control groups, and
 * what the files there say (cgroups(7), the kernel's cgroup-v2.rst).
 *
 * Errors:	false; a system without it is not worth a message.
 * Use:
 *	if (cgroup_find("/proc/self", dir))
 *		do
 *			... cgroup_number(dir, "memory.max", &max) ...
 *		while (cgroup_up(dir));
 */
#ifndef COMMON_SYS_CGROUP_H
#define COMMON_SYS_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CGROUP_PATH = 1024
};

/*
 * The directory of the process whose folder this is. False where version 2 is
 * not mounted, or not so that the process's own group is seen.
 */
bool cgroup_find(const char *proc, char dir[static CGROUP_PATH]);

/* To the group above; false: dir was the topmost that is seen. */
bool cgroup_up(char dir[static CGROUP_PATH]);

/* Whether the directory has the file. */
bool cgroup_has(const char *dir, const char *file);

/* What a file holds; false also for "max", which is no limit. */
bool cgroup_number(const char *dir, const char *file, uint64_t *number);

/* In a file of lines "name number", such as memory.stat. */
bool cgroup_entry(
    const char *dir, const char *file, const char *name, uint64_t *number);

#endif
