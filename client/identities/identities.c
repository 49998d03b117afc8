/* identities: loaded from a directory or a list; see the header. */
#include "client/identities/identities.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/creds/files.h"

/* Takes the name. Of a directory, what is not for clients is passed over. */
static int
add(struct identities *ids, struct id_file *file, bool clients_only,
    unsigned *issuers_of, struct errmsg *e)
{
	struct identity *id = &ids->of[ids->count];
	int result = tls_files_load_pair(&id->own,
	    &(struct tls_files_pair){ .cert = file->cert,
		.key = file->key,
		.clients_only = clients_only },
	    ids->count > 0 ? &ids->of[*issuers_of].own : NULL, e);

	if (result != 0)
		return result < 0 ? -1 : 0;
	id->name = file->name;
	file->name = NULL;
	if (!id->own.borrows_issuers)
		*issuers_of = ids->count;
	ids->count++;
	return 0;
}

/* Many in turn have the issuers of one, which the others borrow. */
static int
load(struct identities *ids, struct id_files *s, const char *path,
    struct errmsg *e)
{
	unsigned issuers_of = 0;

	ids->of = calloc(s->count + 1, sizeof *ids->of);
	if (ids->of == NULL)
		return errmsg_set(e, "%s: out of memory", path);
	for (unsigned i = 0; i < s->count; i++) {
		if (add(ids, &s->of[i], s->is_directory, &issuers_of, e) == 0)
			continue;
		return s->of[i].line == 0
		    ? -1
		    : errmsg_prepend(e, "%s: line %zu", path, s->of[i].line);
	}
	if (ids->count > 0)
		return 0;
	return errmsg_set(e,
	    "%s: no identities: NAME.pem and NAME.key of a client, as "
	    "tlsecho-certs client makes them",
	    path);
}

static int
compare(const void *a, const void *b, void *ids)
{
	const struct identity *of = ((const struct identities *)ids)->of;

	return strcmp(
	    of[*(const unsigned *)a].name, of[*(const unsigned *)b].name);
}

static int
sort(struct identities *ids, const char *path, struct errmsg *e)
{
	ids->by_name = calloc(ids->count, sizeof *ids->by_name);
	if (ids->by_name == NULL)
		return errmsg_set(e, "%s: out of memory", path);
	for (unsigned i = 0; i < ids->count; i++)
		ids->by_name[i] = i;
	qsort_r(ids->by_name, ids->count, sizeof *ids->by_name, compare, ids);
	return 0;
}

static int
compare_files(const void *a, const void *b)
{
	return strcmp(((const struct id_file *)a)->name,
	    ((const struct id_file *)b)->name);
}

/* Those of other parts leave the files. */
static int
take_share(struct identities *ids, struct id_files *files, unsigned part,
    unsigned parts, struct errmsg *e)
{
	unsigned first;
	unsigned kept = 0;

	if (parts == 1 || files->count == 0)
		return 0;
	ids->others = *files;
	ids->others.count = 0;
	ids->others.of = calloc(files->count, sizeof *files->of);
	if (ids->others.of == NULL)
		return errmsg_set(e, "out of memory");
	first = part % files->count;
	for (unsigned i = 0; i < files->count; i++)
		if (i >= first && (i - first) % parts == 0)
			files->of[kept++] = files->of[i];
		else
			ids->others.of[ids->others.count++] = files->of[i];
	files->count = kept;
	qsort(ids->others.of, ids->others.count, sizeof *files->of,
	    compare_files);
	return 0;
}

int
identities_load(struct identities *ids, const char *path, unsigned part,
    unsigned parts, struct errmsg *e)
{
	struct id_files files;
	int result;

	*ids = (struct identities){ .of = NULL };
	if (id_files_read(&files, path, e) < 0)
		return -1;
	result = take_share(ids, &files, part, parts, e);
	if (result == 0)
		result = load(ids, &files, path, e);
	id_files_free(&files);
	if (result == 0)
		result = sort(ids, path, e);
	if (result < 0)
		identities_free(ids);
	return result;
}

void
identities_free(struct identities *ids)
{
	for (unsigned i = 0; i < ids->count; i++) {
		free(ids->of[i].name);
		tls_certified_key_free(&ids->of[i].own);
	}
	id_files_free(&ids->others);
	free(ids->of);
	free(ids->by_name);
	*ids = (struct identities){ .of = NULL };
}

struct wanted {
	const struct identities *ids;
	const char *name;
	size_t size;
};

static int
compare_wanted(const void *key, const void *index)
{
	const struct wanted *w = key;
	const char *name = w->ids->of[*(const unsigned *)index].name;
	int order = strncmp(w->name, name, w->size);

	return order != 0 ? order : -(name[w->size] != '\0');
}

int
identities_find(const struct identities *ids, const char *name, size_t size)
{
	const struct wanted key = { ids, name, size };
	const unsigned *found = bsearch(&key, ids->by_name, ids->count,
	    sizeof *ids->by_name, compare_wanted);

	return found != NULL ? (int)*found : -1;
}

/* A name is looked up, as expectations of 10,000 of them are. */
bool
identities_are_elsewhere(const struct identities *ids, const char *pattern)
{
	const struct id_files *others = &ids->others;
	const struct id_file key = { .name = (char *)(uintptr_t)pattern };

	if (others->count > 0 &&
	    bsearch(&key, others->of, others->count, sizeof key,
		compare_files) != NULL)
		return true;
	if (strpbrk(pattern, "*?[\\") == NULL)
		return false;
	for (unsigned i = 0; i < others->count; i++)
		if (fnmatch(pattern, others->of[i].name, 0) == 0)
			return true;
	return false;
}
