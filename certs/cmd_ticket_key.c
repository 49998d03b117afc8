/* cmd_ticket_key: makes and rotates keys of session tickets; see the header. */
#include "certs/cmd_ticket_key.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/lines.h"
#include "common/sys/file.h"

#define ABOUT                                                                  \
	"# Keys of session tickets: the first issues, the second is the next " \
	"one.\n# Rotate them with tlsecho-certs ticket-key.\n"

enum {
	TEXT_MAX = 1 << 16
};

/* The lines of the keys point into the text. */
struct ticket_file {
	const char *path;
	struct file_bytes text;
	struct lines lines;
	struct {
		const char *line;
		size_t size;
	} keys[TICKET_KEYS_MAX];
	size_t count;
	struct stat before;
};

static bool
is_key(const struct lines *l)
{
	gnutls_datum_t text = { (uint8_t *)(uintptr_t)l->line,
		(unsigned)l->size };
	gnutls_datum_t key = { NULL, 0 };
	bool result;

	if (gnutls_base64_decode2(&text, &key) < 0)
		return false;
	result = key.size == TICKET_KEY_SIZE;
	gnutls_memset(key.data, 0, key.size);
	gnutls_free(key.data);
	return result;
}

static int
read_keys(struct ticket_file *f, struct errmsg *e)
{
	struct lines *l = &f->lines;

	if (file_check_private(f->path, e) < 0 ||
	    file_check_replaceable(f->path, e) < 0 ||
	    file_read(&f->text, f->path, TEXT_MAX, e) < 0)
		return -1;
	*l = lines_of((const char *)f->text.data, f->text.size);
	while (lines_next(l)) {
		if (!is_key(l))
			return errmsg_set(e,
			    "%s: line %zu: not a key: 64 bytes in base64",
			    f->path, l->number);
		if (f->count == TICKET_KEYS_MAX)
			return errmsg_set(e, "%s: line %zu: more than %d keys",
			    f->path, l->number, TICKET_KEYS_MAX);
		f->keys[f->count].line = l->line;
		f->keys[f->count++].size = l->size;
	}
	if (f->count == 0)
		return errmsg_set(e, "%s: no keys: remove the file", f->path);
	return 0;
}

static int
append(struct file_bytes *out, const void *data, size_t size, struct errmsg *e)
{
	if (file_bytes_append(out, data, size) < 0)
		return errmsg_set(e, "out of memory");
	return 0;
}

static int
append_old_key(struct file_bytes *out, const struct ticket_file *f, size_t i,
    struct errmsg *e)
{
	if (append(out, f->keys[i].line, f->keys[i].size, e) < 0)
		return -1;
	return append(out, "\n", 1, e);
}

static int
append_new_key(struct file_bytes *out, struct errmsg *e)
{
	uint8_t bytes[TICKET_KEY_SIZE];
	gnutls_datum_t key = { bytes, sizeof bytes };
	gnutls_datum_t text = { NULL, 0 };
	int error = gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof bytes);
	int result;

	if (error == 0)
		error = gnutls_base64_encode2(&key, &text);
	gnutls_memset(bytes, 0, sizeof bytes);
	if (error < 0)
		return errmsg_set(
		    e, "cannot make a key: %s", gnutls_strerror(error));
	result = append(out, text.data, text.size, e);
	if (result == 0)
		result = append(out, "\n", 1, e);
	gnutls_memset(text.data, 0, text.size);
	gnutls_free(text.data);
	return result;
}

/* The next one or, where there is none, the one there is; a new one; the rest
 * as it was. */
static int
rotate(struct file_bytes *out, const struct ticket_file *f, struct errmsg *e)
{
	size_t first = f->count > 1 ? 1 : 0;
	int result = f->count > 0 ? append_old_key(out, f, first, e)
				  : append_new_key(out, e);

	if (result == 0)
		result = append_new_key(out, e);
	for (size_t i = 0; i < f->count && i < TICKET_KEYS_MAX - 1; i++)
		if (result == 0 && i != first)
			result = append_old_key(out, f, i, e);
	return result;
}

/* A group that may read the file, of root's, still may. */
static int
write_keys(
    const struct ticket_file *f, const struct file_bytes *out, struct errmsg *e)
{
	bool is_new = f->count == 0;
	mode_t mode = is_new ? 0600 : f->before.st_mode & 0777;
	struct stat after;

	if (file_write_atomically(
		f->path, out->data, out->size, mode, !is_new, e) < 0)
		return -1;
	if (is_new || (mode & 0077) == 0)
		return 0;
	if (stat(f->path, &after) < 0 ||
	    (after.st_gid != f->before.st_gid &&
		chown(f->path, (uid_t)-1, f->before.st_gid) < 0))
		return errmsg_set_errno(e, errno, "%s: its group", f->path);
	return 0;
}

int
ticket_key_run(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	struct ticket_file f = { .path = operands[0], .text = FILE_BYTES_INIT };
	struct file_bytes out = FILE_BYTES_INIT;
	bool exists = stat(f.path, &f.before) == 0 || errno != ENOENT;
	int result = exists ? read_keys(&f, e) : 0;

	(void)options;
	if (result == 0)
		result = append(&out, ABOUT, sizeof ABOUT - 1, e);
	if (result == 0)
		result = rotate(&out, &f, e);
	if (result == 0)
		result = write_keys(&f, &out, e);
	if (result == 0)
		printf("%s: %s\n", f.path,
		    !exists            ? "made, with two keys"
			: f.count == 1 ? "the next key is added"
				       : "the next key issues from now on");
	file_bytes_free(&f.text);
	file_bytes_free(&out);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
