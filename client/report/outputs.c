/* outputs: a table of options and what writes them; see the header. */
#include "client/report/outputs.h"

#include <stddef.h>

#include "client/identities/id_files.h"
#include "client/options.h"
#include "client/report/report_hdr.h"
#include "client/report/report_json.h"

static const struct {
	const char *option;
	size_t offset; /* of its path in the options */
	int (*write)(const struct report_file *file,
	    const struct report *report, struct errmsg *e);
} table[OUTPUTS] = {
	[OUTPUT_JSON] = { "json", offsetof(struct options, json),
	    report_json_write },
	[OUTPUT_HGRM] = { "hgrm", offsetof(struct options, hgrm),
	    report_hgrm_write },
	[OUTPUT_HLOG] = { "hlog", offsetof(struct options, hlog),
	    report_hlog_write },
	[OUTPUT_HTML] = { "html", offsetof(struct options, html), NULL },
};

static const char *
path_of(const struct options *o, int i)
{
	const void *field = (const char *)o + table[i].offset;

	return *(const char *const *)field;
}

/* Options that name files which are read, or hold something else. */
static const struct {
	const char *option;
	size_t offset, count; /* of its paths in the options */
} others[] = {
	{ "cert", offsetof(struct options, files.cert), TLS_KEY_PAIRS_MAX },
	{ "key", offsetof(struct options, files.key), TLS_KEY_PAIRS_MAX },
	{ "ca", offsetof(struct options, files.ca), TLS_CA_FILES_MAX },
	{ "pkcs12", offsetof(struct options, files.pkcs12), 1 },
	{ "password-file", offsetof(struct options, files.password_file), 1 },
	{ "identities", offsetof(struct options, identities), 1 },
	{ "expect", offsetof(struct options, expect), 1 },
	{ "keylog", offsetof(struct options, keylog), 1 },
};

/* What is wrong with directory or list is told when they are loaded. */
static int
check_identities(
    const struct options *o, int output, const char *path, struct errmsg *e)
{
	struct id_files files = { .of = NULL };
	struct errmsg unused;
	const char *same = NULL;

	if (o->identities == NULL ||
	    id_files_read(&files, o->identities, &unused) < 0)
		return 0;
	for (unsigned i = 0; same == NULL && i < files.count; i++) {
		if (report_file_is_same(path, files.of[i].cert))
			same = files.of[i].cert;
		else if (report_file_is_same(path, files.of[i].key))
			same = files.of[i].key;
	}
	if (same != NULL)
		(void)errmsg_set(e,
		    "--%s would overwrite an identity of --identities: %s",
		    table[output].option, same);
	id_files_free(&files);
	return same != NULL ? -1 : 0;
}

int
outputs_check_read(
    const struct outputs *outputs, const char *path, struct errmsg *e)
{
	for (int i = 0; i < OUTPUTS; i++)
		if (outputs->files[i].path != NULL &&
		    report_file_is_same(outputs->files[i].path, path))
			return errmsg_set(e,
			    "--%s would overwrite the run that is read: %s",
			    table[i].option, path);
	return 0;
}

/* What has been read would be lost. */
static int
check_others(
    const struct options *o, int output, const char *path, struct errmsg *e)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const char *const *paths =
		    (const void *)((const char *)o + others[i].offset);

		for (size_t n = 0; n < others[i].count; n++)
			if (paths[n] != NULL &&
			    report_file_is_same(path, paths[n]))
				return errmsg_set(e,
				    "--%s would overwrite the file of --%s: %s",
				    table[output].option, others[i].option,
				    path);
	}
	for (int i = 0; i < o->runs_count; i++)
		if (report_file_is_same(path, o->runs[i]))
			return errmsg_set(e,
			    "--%s would overwrite the run that is read: %s",
			    table[output].option, path);
	return check_identities(o, output, path, e);
}

static int
open_one(
    struct outputs *outputs, const struct options *o, int i, struct errmsg *e)
{
	const char *path = path_of(o, i);

	if (path == NULL)
		return 0;
	for (int j = 0; j < i; j++)
		if (outputs->files[j].path != NULL &&
		    report_file_is_same(path, outputs->files[j].path))
			return errmsg_set(e,
			    "--%s and --%s cannot go to the same file: %s",
			    table[j].option, table[i].option, path);
	if (check_others(o, i, path, e) < 0)
		return -1;
	if (steps_mode_has_stdout(o->steps) && report_file_is_stdout(path))
		return errmsg_set(e,
		    "--%s: --steps has standard output for itself: name a file",
		    table[i].option);
	outputs->leaves_stdout =
	    outputs->leaves_stdout || report_file_is_stdout(path);
	if (report_file_open(&outputs->files[i], path, e) < 0)
		return -1;
	outputs->files[i].spares_stdout = steps_mode_has_stdout(o->steps);
	return 0;
}

int
outputs_open(struct outputs *outputs, const struct options *o, struct errmsg *e)
{
	outputs->leaves_stdout = steps_mode_has_stdout(o->steps);
	for (int i = 0; i < OUTPUTS; i++)
		outputs->files[i] = (struct report_file)REPORT_FILE_NONE;
	for (int i = 0; i < OUTPUTS; i++)
		if (open_one(outputs, o, i, e) < 0)
			return -1;
	return 0;
}

int
outputs_write(
    const struct outputs *outputs, const struct report *r, struct errmsg *e)
{
	int result = 0;
	struct errmsg why;

	for (int i = 0; i < OUTPUTS; i++)
		if (outputs->files[i].path != NULL && table[i].write != NULL &&
		    table[i].write(&outputs->files[i], r, &why) < 0) {
			*e = why;
			result = -1;
		}
	return result;
}

void
outputs_close(struct outputs *outputs)
{
	for (int i = 0; i < OUTPUTS; i++)
		report_file_close(&outputs->files[i]);
}
