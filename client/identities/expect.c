/* expect: lines, and whom they match; see the header. */
#include "client/identities/expect.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/identities/identities.h"
#include "client/identities/outcome.h"
#include "common/base/lines.h"
#include "common/sys/file.h"

enum {
	UNSET = UINT16_MAX,
	WORDS = 3,
	WORD_SIZE = 256
};

/* The words of a line: "alice", "refused", "unknown_ca"; "": there is none. */
struct rule {
	char words[WORDS][WORD_SIZE];
	unsigned outcome;
};

static int
split(struct rule *r, const struct lines *l, struct errmsg *e)
{
	struct lines_word words[WORDS];
	size_t count = lines_words(l, words, WORDS);

	*r = (struct rule){ .outcome = 0 };
	for (size_t i = 0; i < count; i++) {
		if (i == WORDS || words[i].size >= WORD_SIZE)
			return errmsg_set(e,
			    "too long: a line is IDENTITY accepted, or "
			    "IDENTITY refused [ALERT]");
		memcpy(r->words[i], words[i].at, words[i].size);
	}
	return 0;
}

/* 0 is no alert that refuses: close_notify. */
static int
parse_alert(unsigned *outcome, const char *word, struct errmsg *e)
{
	char name[TLS_ALERT_TEXT];
	char number[sizeof "255"];

	for (unsigned i = 1; i < TLS_ALERTS; i++) {
		(void)snprintf(number, sizeof number, "%u", i);
		if (strcmp(word, tls_alert_name((uint8_t)i, name)) != 0 &&
		    strcmp(word, number) != 0)
			continue;
		*outcome = outcome_of_alert((uint8_t)i);
		return 0;
	}
	return errmsg_set(e,
	    "'%s' is no alert: use a name such as certificate_revoked, or a "
	    "number from 1 to 255",
	    word);
}

static int
parse_outcome(struct rule *r, struct errmsg *e)
{
	const char *verdict = r->words[1];
	const char *alert = r->words[2];

	if (strcmp(verdict, "accepted") == 0) {
		r->outcome = OUTCOME_ACCEPTED;
		return alert[0] == '\0'
		    ? 0
		    : errmsg_set(e, "'%s' follows accepted", alert);
	}
	if (strcmp(verdict, "refused") == 0) {
		r->outcome = OUTCOME_REFUSED;
		return alert[0] == '\0' ? 0
					: parse_alert(&r->outcome, alert, e);
	}
	return verdict[0] == '\0'
	    ? errmsg_set(e, "'%s': accepted or refused?", r->words[0])
	    : errmsg_set(e, "'%s' is neither accepted nor refused", verdict);
}

/* What a line has come to: how many it matches, and of how many it is the first
 * line that does. */
struct use {
	unsigned matched, set;
};

static void
set(uint16_t *expected, const struct rule *r, struct use *use)
{
	use->matched++;
	if (*expected != UNSET)
		return;
	use->set++;
	*expected = (uint16_t)r->outcome;
}

/* A last line for all others may have none left. */
static int
check_use(const struct use *use, const char *pattern, struct errmsg *e)
{
	if (use->matched == 0)
		return errmsg_set(e, "no identity matches '%s'", pattern);
	if (use->set == 0 && strcmp(pattern, "*") != 0)
		return errmsg_set(e,
		    "'%s' comes too late: lines above it match all that it "
		    "does, and the first counts",
		    pattern);
	return 0;
}

/* A name is looked up, for 10,000 lines of names would be slow to match. */
static int
apply(uint16_t *expected, const struct identities *ids, const struct rule *r,
    struct errmsg *e)
{
	const char *pattern = r->words[0];
	int found = identities_find(ids, pattern, strlen(pattern));
	struct use use = { 0, 0 };

	if (found >= 0) {
		set(&expected[found], r, &use);
		return check_use(&use, pattern, e);
	}
	if (strpbrk(pattern, "*?[\\") == NULL)
		return identities_are_elsewhere(ids, pattern)
		    ? 0
		    : errmsg_set(e, "no identity is called '%s'", pattern);
	for (unsigned i = 0; i < ids->count; i++)
		if (fnmatch(pattern, ids->of[i].name, 0) == 0)
			set(&expected[i], r, &use);
	return use.matched == 0 && identities_are_elsewhere(ids, pattern)
	    ? 0
	    : check_use(&use, pattern, e);
}

static int
check_all(
    const uint16_t *expected, const struct identities *ids, struct errmsg *e)
{
	for (unsigned i = 0; i < ids->count; i++)
		if (expected[i] == UNSET)
			return errmsg_set(e,
			    "no line matches identity '%s': end with one for "
			    "all others, such as '* accepted'",
			    ids->of[i].name);
	return 0;
}

int
expect_parse(uint16_t *expected, const struct identities *ids, const char *text,
    size_t size, struct errmsg *e)
{
	struct lines lines = lines_of(text, size);
	struct rule rule;

	for (unsigned i = 0; i < ids->count; i++)
		expected[i] = UNSET;
	while (lines_next(&lines))
		if (split(&rule, &lines, e) < 0 ||
		    parse_outcome(&rule, e) < 0 ||
		    apply(expected, ids, &rule, e) < 0)
			return errmsg_prepend(e, "line %zu", lines.number);
	return check_all(expected, ids, e);
}

int
expect_load(uint16_t *expected, const struct identities *ids, const char *path,
    struct errmsg *e)
{
	struct file_bytes text = FILE_BYTES_INIT;
	int result = file_read(&text, path, FILE_MAX, e);

	if (result < 0)
		return -1;
	result =
	    expect_parse(expected, ids, (const char *)text.data, text.size, e);
	file_bytes_free(&text);
	return result < 0 ? errmsg_prepend(e, "%s", path) : 0;
}
