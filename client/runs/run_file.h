/*
 * run_file: the document of a run, as --json has written it, read and checked
 * from end to end, so that whoever uses it need not look twice.
 *
 * The file may be anyone's: numbers, types, buckets, order and sizes are
 * checked, and nothing is taken on trust. Of keys that are not known, nothing
 * is asked.
 *
 * Owns:	the document, from run_read to run_free. Borrows the path.
 * Errors:	-1 and a line that names the file and the key.
 * Use:
 *	struct run run;
 *	if (run_read(&run, "a.json", &e) < 0) ...
 *	made = run_count(&run, "connections.made");
 *	run_free(&run);
 */
#ifndef CLIENT_RUNS_RUN_FILE_H
#define CLIENT_RUNS_RUN_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/base/hist.h"

enum {
	RUN_FILE_MAX = 64 << 20, /* bytes; a series of 3600 seconds has 5 MB */
	RUN_SECOND_MAX = 1 << 30 /* the number of a second in a series */
};

struct run {
	const char *path;
	json_t *root;
};

/* From a file; and from a document, whose reference it takes. In both cases the
 * path must outlive the run, and nothing is owned after an error. */
int run_read(struct run *run, const char *path, struct errmsg *e);
int run_take(struct run *run, const char *path, json_t *root, struct errmsg *e);

/* NULL as root is fine. */
void run_free(struct run *run);

/*
 * What stands at a path of keys, such as "measured.from_unix_ns"; NULL, 0, ""
 * or false if nothing does, or null, or something of another type.
 */
json_t *run_at(const struct run *run, const char *path);
uint64_t run_count(const struct run *run, const char *path);
double run_real(const struct run *run, const char *path);
const char *run_text(const struct run *run, const char *path);
bool run_flag(const struct run *run, const char *path);

/* One of "histograms"; empty if there is none of that name. */
void run_hist(const struct run *run, const char *key, struct hist *h);

/* The histogram of what the run was for: "transaction" or "round_trip". */
const char *run_main_hist(const struct run *run);

/*
 * -1 and a line, if the two did not measure the same thing: transactions and
 * round trips, an open loop and a closed one, say.
 */
int run_check_kind(
    const struct run *run, const struct run *as, struct errmsg *e);

/* Whether a key of "configuration" says what the run did, rather than where it
 * wrote and how it was watched. */
bool run_option_matters(const char *key);

/* Whether both documents are of one and the same run. */
bool run_is_same(const json_t *identity, const json_t *other);

/* Its path as UTF-8 text without control characters; until the next call. */
const char *run_file_text(const struct run *run);

/* Who the run was: file, hostname, started_at, and when it measured, or zeros;
 * NULL: no memory. */
json_t *run_identity(const struct run *run);

#endif
