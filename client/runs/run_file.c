/* run_file: read, looked up, and told apart; see the header. */
#include "client/runs/run_file.h"

#include <stdlib.h>
#include <string.h>

#include "client/runs/hist_json.h"
#include "client/runs/run_check.h"
#include "common/base/printable.h"
#include "common/sys/file.h"

static json_t *
parse(const struct file_bytes *bytes, struct errmsg *e)
{
	json_error_t error;
	json_t *root = json_loadb((const char *)bytes->data, bytes->size,
	    JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		(void)errmsg_set(
		    e, "not JSON: line %d: %s", error.line, error.text);
	return root;
}

/*
 * Texts of a file are printed: in a copy of one, '?' stands for what would move
 * a terminal's cursor. NULL: no memory.
 */
static char *
mask(const char *text, struct errmsg *e)
{
	char *copy = strdup(text);

	if (copy != NULL)
		printable_mask(copy);
	else
		(void)errmsg_set(e, "out of memory");
	return copy;
}

/* A key is not changed, since it says what its value is. */
static int
check_key(const char *key, struct errmsg *e)
{
	char *masked = mask(key, e);
	int result = -1;

	if (masked != NULL && strcmp(masked, key) == 0)
		result = 0;
	else if (masked != NULL)
		(void)errmsg_set(
		    e, "'%s': a key with control characters", masked);
	free(masked);
	return result;
}

static int
mask_string(json_t *string, struct errmsg *e)
{
	char *masked = mask(json_string_value(string), e);
	int result = masked != NULL ? json_string_set(string, masked) : -1;

	free(masked);
	return result;
}

/* As deep as jansson parses: 2048. */
static int
/* NOLINTNEXTLINE(misc-no-recursion) */
make_printable(json_t *value, struct errmsg *e)
{
	const char *key;
	json_t *inner;
	size_t i;

	json_array_foreach(value, i, inner)
		if (make_printable(inner, e) < 0)
			return -1;
	json_object_foreach(value, key, inner)
		if (check_key(key, e) < 0 || make_printable(inner, e) < 0)
			return -1;
	return json_is_string(value) ? mask_string(value, e) : 0;
}

static int
pack_hists(json_t *root, struct errmsg *e)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(json_object_get(root, "histograms"), key, value)
		if (hist_json_pack(value, e) < 0)
			return -1;
	json_array_foreach(json_object_get(root, "series"), i, value)
		if (hist_json_pack(json_object_get(value, "latency"), e) < 0)
			return -1;
	return 0;
}

int
run_take(struct run *run, const char *path, json_t *root, struct errmsg *e)
{
	*run = (struct run){ .path = path, .root = root };
	if (root != NULL && run_check(root, e) == 0 &&
	    make_printable(root, e) == 0 && pack_hists(root, e) == 0)
		return 0;
	(void)errmsg_prepend(e, "%s", path);
	/* Keys and words of the file are part of the line. */
	printable_mask(e->text);
	run_free(run);
	return -1;
}

int
run_read(struct run *run, const char *path, struct errmsg *e)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	int result;

	run->root = NULL;
	if (file_read(&bytes, path, RUN_FILE_MAX, e) < 0)
		return -1;
	result = run_take(run, path, parse(&bytes, e), e);
	file_bytes_free(&bytes);
	return result;
}

void
run_free(struct run *run)
{
	json_decref(run->root);
	run->root = NULL;
}

json_t *
run_at(const struct run *run, const char *path)
{
	json_t *at = run->root;

	while (at != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		at = json_object_getn(at, path, n);
		path += n;
		path += *path == '.';
	}
	return at;
}

uint64_t
run_count(const struct run *run, const char *path)
{
	json_int_t value = json_integer_value(run_at(run, path));

	return value > 0 ? (uint64_t)value : 0;
}

double
run_real(const struct run *run, const char *path)
{
	return json_number_value(run_at(run, path));
}

const char *
run_text(const struct run *run, const char *path)
{
	const char *text = json_string_value(run_at(run, path));

	return text != NULL ? text : "";
}

bool
run_flag(const struct run *run, const char *path)
{
	return json_is_true(run_at(run, path));
}

void
run_hist(const struct run *run, const char *key, struct hist *h)
{
	const json_t *object = json_object_get(run_at(run, "histograms"), key);

	if (object != NULL)
		hist_json_get(h, object);
	else
		memset(h, 0, sizeof *h);
}

const char *
run_main_hist(const struct run *run)
{
	return run_flag(run, "configuration.handshakes") ? "transaction"
							 : "round_trip";
}

int
run_check_kind(const struct run *run, const struct run *as, struct errmsg *e)
{
	static const char *const keys[] = { "handshakes", "idle", "no_echo",
		"reconnect" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *one =
		    json_object_get(run_at(run, "configuration"), keys[i]);
		json_t *other =
		    json_object_get(run_at(as, "configuration"), keys[i]);

		if (!json_equal(one, other))
			return errmsg_set(e,
			    "%s: configuration.%s is not that of %s: they "
			    "measured different things",
			    run->path, keys[i], as->path);
	}
	if ((run_real(run, "rate") > 0) != (run_real(as, "rate") > 0))
		return errmsg_set(e,
		    "%s: one of it and %s is an open loop (rate), and the "
		    "other is not",
		    run->path, as->path);
	return 0;
}

/* Where a run writes and how it is watched is no part of what it does. */
static const char *const no_matter[] = { "json", "html", "hgrm", "hlog",
	"keylog", "quiet", "verbose", "progress", "interactive", "steps",
	"steps_fd", "part" };

bool
run_option_matters(const char *key)
{
	for (size_t i = 0; i < sizeof no_matter / sizeof *no_matter; i++)
		if (strcmp(key, no_matter[i]) == 0)
			return false;
	return true;
}

bool
run_is_same(const json_t *identity, const json_t *other)
{
	static const char *const keys[] = { "hostname", "started_at",
		"from_unix_ns", "to_unix_ns" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!json_equal(json_object_get(identity, keys[i]),
			json_object_get(other, keys[i])))
			return false;
	return true;
}

const char *
run_file_text(const struct run *run)
{
	static char text[4096];

	text[0] = '\0';
	(void)printable_append(
	    text, sizeof text, 0, run->path, strlen(run->path), "");
	return text;
}

json_t *
run_identity(const struct run *run)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:I}", "file",
	    run_file_text(run), "hostname",
	    run_text(run, "environment.hostname"), "started_at",
	    run_text(run, "started_at"), "from_unix_ns",
	    (json_int_t)run_count(run, "measured.from_unix_ns"), "to_unix_ns",
	    (json_int_t)run_count(run, "measured.to_unix_ns"));
}
