/* id_files: a directory's entries, or the lines of a list; see the header. */
#include "client/identities/id_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/lines.h"
#include "common/base/printable.h"
#include "common/sys/file.h"

static const char extension[] = ".pem";

static int
make_room(struct id_files *s, struct errmsg *e)
{
	unsigned size = s->size > 0 ? 2 * s->size : 64;
	struct id_file *of;

	if (s->count == IDENTITIES_MAX)
		return errmsg_set(e, "more than %d identities", IDENTITIES_MAX);
	if (s->count < s->size)
		return 0;
	of = realloc(s->of, size * sizeof *of);
	if (of == NULL)
		return errmsg_set(e, "out of memory");
	s->of = of;
	s->size = size;
	return 0;
}

/* Reports have it, in text and in JSON. NULL: there was no memory for it. */
static int
check_name(const char *name, struct errmsg *e)
{
	char *masked = name != NULL ? strdup(name) : NULL;
	int result = 0;

	if (masked == NULL)
		return errmsg_set(e, "out of memory");
	printable_mask(masked);
	if (strcmp(masked, name) != 0 || !printable_is_utf8(name, strlen(name)))
		result = errmsg_set(e,
		    "the name '%s' is not UTF-8, or has control characters",
		    masked);
	free(masked);
	return result;
}

static void
free_file(struct id_file *file)
{
	free(file->name);
	free(file->cert);
	free(file->key);
}

/* Takes what is in it, which may be NULL for want of memory. */
static int
add(struct id_files *s, struct id_file *file, struct errmsg *e)
{
	int result = check_name(file->name, e);

	if (result == 0 && (file->cert == NULL || file->key == NULL))
		result = errmsg_set(e, "out of memory");
	if (result == 0)
		result = make_room(s, e);
	if (result == 0)
		s->of[s->count++] = *file;
	else
		free_file(file);
	return result;
}

static bool
ends_with_extension(const char *name, size_t size)
{
	size_t n = sizeof extension - 1;

	return size > n && memcmp(name + size - n, extension, n) == 0;
}

static int
is_certificate(const struct dirent *entry)
{
	return ends_with_extension(entry->d_name, strlen(entry->d_name));
}

/* "PATH/NAME.key"; NULL: out of memory. */
static char *
join(const char *path, const char *name, int size, const char *ending)
{
	char *joined;

	return asprintf(&joined, "%s/%.*s%s", path, size, name, ending) < 0
	    ? NULL
	    : joined;
}

/* PATH/NAME.pem and PATH/NAME.key, if there is such a key. */
static int
add_entry(
    struct id_files *s, const char *path, const char *entry, struct errmsg *e)
{
	int stem = (int)(strlen(entry) - (sizeof extension - 1));
	struct id_file file = { .name = strndup(entry, (size_t)stem),
		.cert = join(path, entry, stem, extension),
		.key = join(path, entry, stem, ".key") };

	if (file.key == NULL || access(file.key, F_OK) == 0)
		return add(s, &file, e);
	free_file(&file);
	return 0;
}

static int
read_directory(struct id_files *s, const char *path, struct errmsg *e)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_certificate, versionsort);
	int result = 0;

	if (count < 0)
		return errmsg_set_errno(e, errno, "%s", path);
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = add_entry(s, path, entries[i]->d_name, e);
		free(entries[i]);
	}
	free(entries);
	return result;
}

/* A word of a line, in the directory of the list. */
static char *
resolve(const char *list, const char *word, size_t size, const char *ending)
{
	const char *slash = strrchr(list, '/');
	int dir = slash != NULL && word[0] != '/' ? (int)(slash - list) + 1 : 0;
	char *path;

	return asprintf(
		   &path, "%.*s%.*s%s", dir, list, (int)size, word, ending) < 0
	    ? NULL
	    : path;
}

/* "env/alice.pem" is called env/alice. */
static size_t
name_size(const char *cert, size_t size)
{
	const char *dot = memrchr(cert, '.', size);

	return dot == NULL || dot == cert || dot[-1] == '/' ||
		memchr(dot, '/', size - (size_t)(dot - cert)) != NULL
	    ? size
	    : (size_t)(dot - cert);
}

/* The second word may be missing. */
static int
add_words(struct id_files *s, const char *list, const struct lines_word *cert,
    const struct lines_word *key, size_t line, struct errmsg *e)
{
	bool is_stem =
	    key == NULL && !ends_with_extension(cert->at, cert->size);
	size_t stem = is_stem ? cert->size : name_size(cert->at, cert->size);
	struct id_file file = { .name = strndup(cert->at, stem),
		.cert = resolve(
		    list, cert->at, cert->size, is_stem ? extension : ""),
		.key = key != NULL ? resolve(list, key->at, key->size, "")
				   : resolve(list, cert->at, stem, ".key"),
		.line = line };

	return add(s, &file, e);
}

static int
add_line(struct id_files *s, const char *list, const struct lines *line,
    struct errmsg *e)
{
	struct lines_word words[2];
	size_t count = lines_words(line, words, 2);

	if (count > 2)
		return errmsg_set(e,
		    "a line is CERT KEY, or the stem of both: STEM.pem and "
		    "STEM.key");
	return add_words(
	    s, list, &words[0], count == 2 ? &words[1] : NULL, line->number, e);
}

static int
read_list(struct id_files *s, const char *path, struct errmsg *e)
{
	struct file_bytes text = FILE_BYTES_INIT;
	struct lines lines;
	int result = file_read(&text, path, FILE_MAX, e);

	lines = lines_of((const char *)text.data, text.size);
	while (result == 0 && lines_next(&lines))
		if (add_line(s, path, &lines, e) < 0)
			result = errmsg_prepend(
			    e, "%s: line %zu", path, lines.number);
	file_bytes_free(&text);
	if (result == 0 && s->count == 0)
		return errmsg_set(e, "%s: no line names an identity", path);
	return result;
}

static int
compare(const void *a, const void *b)
{
	const struct id_file *const *one = a;
	const struct id_file *const *other = b;
	int order = strcmp((*one)->name, (*other)->name);

	if (order != 0)
		return order;
	return ((*one)->line > (*other)->line) -
	    ((*one)->line < (*other)->line);
}

/* In a directory no two names are the same. */
static int
check_twice(const struct id_files *s, const char *path, struct errmsg *e)
{
	const struct id_file **sorted = calloc(s->count, sizeof(void *));
	int result = 0;

	if (sorted == NULL)
		return errmsg_set(e, "%s: out of memory", path);
	for (unsigned i = 0; i < s->count; i++)
		sorted[i] = &s->of[i];
	qsort(sorted, s->count, sizeof *sorted, compare);
	for (unsigned i = 1; result == 0 && i < s->count; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			result = errmsg_set(e,
			    "%s: line %zu: '%s' is there already, in line %zu",
			    path, sorted[i]->line, sorted[i]->name,
			    sorted[i - 1]->line);
	free(sorted);
	return result;
}

int
id_files_read(struct id_files *s, const char *path, struct errmsg *e)
{
	struct stat status;
	int result;

	*s = (struct id_files){ .of = NULL };
	if (stat(path, &status) < 0)
		return errmsg_set_errno(e, errno, "%s", path);
	s->is_directory = S_ISDIR(status.st_mode);
	result = s->is_directory ? read_directory(s, path, e)
				 : read_list(s, path, e);
	if (result == 0 && !s->is_directory)
		result = check_twice(s, path, e);
	if (result < 0)
		id_files_free(s);
	return result;
}

void
id_files_free(struct id_files *s)
{
	for (unsigned i = 0; i < s->count; i++)
		free_file(&s->of[i]);
	free(s->of);
	*s = (struct id_files){ .of = NULL };
}
