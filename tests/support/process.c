/* process: reads /proc/PID/status and /proc/PID/task; see the header. */
#include "tests/support/process.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"

bool
process_status(pid_t id, const char *name, char value[static PROCESS_TEXT])
{
	size_t n = strlen(name);
	char line[PROCESS_TEXT];
	bool found = false;
	FILE *status;

	(void)snprintf(line, sizeof line, "/proc/%d/status", (int)id);
	status = fopen(line, "re");
	while (status != NULL && !found &&
	    fgets(line, sizeof line, status) != NULL)
		found = strncmp(line, name, n) == 0 &&
		    sscanf(line + n, ": %[^\n]", value) == 1;
	if (status != NULL)
		(void)fclose(status);
	return found;
}

unsigned
process_threads(pid_t pid, pid_t ids[static PROCESS_THREADS_MAX])
{
	const struct dirent *entry;
	unsigned count = 0;
	char path[64];
	DIR *tasks;

	(void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	ck_assert_ptr_nonnull(tasks);
	while ((entry = readdir(tasks)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		ck_assert_uint_lt(count, PROCESS_THREADS_MAX);
		ids[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	(void)closedir(tasks);
	return count;
}

static bool
is_stopped(pid_t pid)
{
	pid_t ids[PROCESS_THREADS_MAX];
	unsigned count = process_threads(pid, ids);
	bool stopped = true;

	for (unsigned i = 0; i < count; i++) {
		char state[PROCESS_TEXT] = "";

		stopped &=
		    process_status(ids[i], "State", state) && state[0] == 'T';
	}
	return stopped;
}

void
process_freeze(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	AWAIT(is_stopped(pid));
}

unsigned
process_children(pid_t pid, pid_t ids[static PROCESS_THREADS_MAX])
{
	unsigned count = 0;
	char path[64];
	FILE *children;
	int id;

	(void)snprintf(
	    path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	children = fopen(path, "re");
	ck_assert_ptr_nonnull(children);
	while (fscanf(children, "%d", &id) == 1) {
		ck_assert_uint_lt(count, PROCESS_THREADS_MAX);
		ids[count++] = id;
	}
	(void)fclose(children);
	return count;
}

/* What cannot be read, such as the kernel's own pages, has none. */
static bool
range_has(int fd, uint64_t from, uint64_t until, const void *bytes, size_t n)
{
	size_t size = until - from;
	char *copy = malloc(size);
	ssize_t got;
	bool has;

	ck_assert_ptr_nonnull(copy);
	got = pread(fd, copy, size, (off_t)from);
	has = got >= (ssize_t)n && memmem(copy, (size_t)got, bytes, n) != NULL;
	free(copy);
	return has;
}

bool
process_memory_has(pid_t pid, const void *bytes, size_t n)
{
	char path[64], line[512], access[8];
	uint64_t from, until;
	bool has = false;
	FILE *maps;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	(void)snprintf(path, sizeof path, "/proc/%d/mem", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert(maps != NULL && fd >= 0);
	while (!has && fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &from, &until,
			access) == 3 &&
		    strncmp(access, "rw", 2) == 0)
			has = range_has(fd, from, until, bytes, n);
	(void)fclose(maps);
	(void)close(fd);
	return has;
}
