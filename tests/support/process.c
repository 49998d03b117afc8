/* process: reads /proc/PID/status and /proc/PID/task; see the header. */
#include "tests/support/process.h"

#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
