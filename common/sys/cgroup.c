/* cgroup: reads proc(5) and the group's files; see the header. */
#include "common/sys/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT = 8192
};

/* All of a small file, or its beginning. */
static bool
read_text(const char *dir, const char *file, char text[static TEXT])
{
	char path[CGROUP_PATH + 64];
	ssize_t n = 0;
	size_t size = 0;
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while (
	    size < TEXT - 1 && (n = read(fd, text + size, TEXT - 1 - size)) > 0)
		size += (size_t)n;
	(void)close(fd);
	text[size] = '\0';
	return n >= 0;
}

/* What follows in the first line that begins so, cut at its end; or NULL. */
static char *
find_line(char *text, const char *begin)
{
	size_t n = strlen(begin);

	for (char *line = text; line != NULL && *line != '\0';) {
		char *end = strchr(line, '\n');

		if (strncmp(line, begin, n) == 0) {
			if (end != NULL)
				*end = '\0';
			return line + n;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return NULL;
}

/*
 * Lines of mountinfo: ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE
 * SOURCE OPTIONS (proc(5)). Names with escaped characters are passed over. The
 * file may be long, where containers have their layers.
 */
static bool
find_mount(const char *proc, char root[static CGROUP_PATH],
    char point[static CGROUP_PATH])
{
	char path[CGROUP_PATH + 64];
	char *line = NULL;
	size_t room = 0;
	bool is_found = false;
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/mountinfo", proc);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (!is_found && getline(&line, &room, file) > 0)
		is_found = strstr(line, " - cgroup2 ") != NULL &&
		    sscanf(line, "%*s %*s %*s %1023s %1023s", root, point) ==
			2 &&
		    strchr(point, '\\') == NULL;
	free(line);
	(void)fclose(file);
	return is_found;
}

/* The part of the path below root; NULL: the group is not there. */
static const char *
below(const char *root, const char *path)
{
	size_t n = strlen(root);

	if (strcmp(root, "/") == 0)
		n = 0;
	if (strncmp(path, root, n) != 0 || strncmp(path, "/..", 3) == 0 ||
	    (path[n] != '/' && path[n] != '\0'))
		return NULL;
	return strcmp(path + n, "/") == 0 ? "" : path + n;
}

bool
cgroup_find(const char *proc, char dir[static CGROUP_PATH])
{
	char groups[TEXT];
	char root[CGROUP_PATH], point[CGROUP_PATH];
	const char *path;
	int n;

	if (!read_text(proc, "cgroup", groups))
		return false;
	path = find_line(groups, "0::");
	if (path == NULL || !find_mount(proc, root, point))
		return false;
	path = below(root, path);
	if (path == NULL)
		return false;
	n = snprintf(dir, CGROUP_PATH, "%s%s", point, path);
	return n < CGROUP_PATH && cgroup_has(dir, "cgroup.procs");
}

bool
cgroup_has(const char *dir, const char *file)
{
	char path[CGROUP_PATH + 64];

	(void)snprintf(path, sizeof path, "%s/%s", dir, file);
	return access(path, F_OK) == 0;
}

bool
cgroup_up(char dir[static CGROUP_PATH])
{
	char *last = strrchr(dir, '/');

	if (last == NULL || last == dir)
		return false;
	*last = '\0';
	return cgroup_has(dir, "cgroup.procs");
}

static bool
read_number(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return end != text && errno == 0;
}

bool
cgroup_number(const char *dir, const char *file, uint64_t *number)
{
	char text[TEXT];

	return read_text(dir, file, text) && read_number(text, number);
}

bool
cgroup_entry(
    const char *dir, const char *file, const char *name, uint64_t *number)
{
	char text[TEXT], begin[64];
	const char *value;

	(void)snprintf(begin, sizeof begin, "%s ", name);
	if (!read_text(dir, file, text))
		return false;
	value = find_line(text, begin);
	return value != NULL && read_number(value, number);
}
