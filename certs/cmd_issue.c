/* cmd_issue: the commands server and client; see the header. */
#include "certs/cmd_issue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/issue.h"
#include "certs/name.h"

enum {
	DIGITS_MIN = 4,
	/* A name that has a stem, '-' and the digits of OPTIONS_COUNT_MAX. */
	NUMBERED_SIZE = NAME_STEM_SIZE + 8
};

/*
 * RFC 1034 knows no underscore. Programs allow it, but a GnuTLS server ends the
 * handshake of a client that asks for such a name.
 */
static void
note_underscore(const char *name)
{
	if (strchr(name, '_') != NULL)
		fprintf(stderr,
		    "%s: note: servers with GnuTLS, such as tlsecho-server, "
		    "refuse clients that ask for a name with an underscore: "
		    "%s\n",
		    options_program.name, name);
}

/*
 * GnuTLS and OpenSSL match a wildcard only where two labels follow it, which
 * keeps *.com from being anyone's; and browsers want more.
 */
static void
note_wildcard(const char *name)
{
	if (name[0] == '*' && strchr(name + 2, '.') == NULL)
		fprintf(stderr,
		    "%s: note: clients refuse a wildcard directly below a "
		    "top-level domain: %s\n",
		    options_program.name, name);
}

static int
make_server(struct issue *issue, const struct options *options, const char *dir,
    const struct identity_request *request, struct errmsg *e)
{
	if (issue_begin(issue, options, dir, e) < 0 ||
	    identity_make(&issue->maker, request, e) < 0)
		return -1;
	for (size_t i = 0; i < request->count; i++) {
		note_underscore(request->names[i].text);
		note_wildcard(request->names[i].text);
	}
	return store_sync(authority_store(issue->maker.authority), e);
}

static int
check_unique(char *const *names, size_t count, struct errmsg *e)
{
	for (size_t i = 0; i + 1 < count; i++)
		if (strcmp(names[i], names[count - 1]) == 0)
			return errmsg_set(e, "'%s' is given twice", names[i]);
	return 0;
}

static int
parse_server_names(
    struct name *names, char *const *texts, size_t *count, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];

	for (*count = 0; texts[*count] != NULL;) {
		if (name_parse_server(&names[*count], texts[*count], e) < 0)
			return -1;
		(*count)++;
		if (check_unique(texts, *count, e) < 0)
			return -1;
	}
	return name_stem(stem, texts[0], e);
}

int
issue_run_server(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	struct issue issue = ISSUE_INIT;
	struct identity_request request = { .purpose = CERT_SERVER,
		.key_kind = options->key_kind };
	struct name *names;
	int status = ARGS_EXIT_USAGE;
	size_t room = 1; /* DIR is no name, so this is one too many */

	while (operands[room] != NULL)
		room++;
	names = calloc(room, sizeof *names);
	if (names == NULL) {
		(void)errmsg_set(e, "out of memory");
		return ARGS_EXIT_FAILED;
	}
	request.names = names;
	if (issue_check_options(options, e) == 0 &&
	    parse_server_names(names, operands + 1, &request.count, e) == 0) {
		status = ARGS_EXIT_OK;
		if (make_server(&issue, options, operands[0], &request, e) < 0)
			status = ARGS_EXIT_FAILED;
		issue_end(&issue);
	}
	free(names);
	return status;
}

/* "load-0007": as wide as the last one, and four digits at least. */
static int
number_name(char text[static NUMBERED_SIZE], const char *base, uint64_t number,
    uint64_t count, struct errmsg *e)
{
	int width = snprintf(NULL, 0, "%" PRIu64, count);
	int n;

	if (count == 0)
		n = snprintf(text, NUMBERED_SIZE, "%s", base);
	else
		n = snprintf(text, NUMBERED_SIZE, "%s-%0*" PRIu64, base,
		    width < DIGITS_MIN ? DIGITS_MIN : width, number);
	if (n < 0 || n >= NUMBERED_SIZE)
		return errmsg_set(e, "'%.32s...' is too long: at most %d bytes",
		    base, NAME_STEM_SIZE - 1);
	return 0;
}

/* The stem of the operand's files, or of its first numbered ones. */
static int
client_stem(char stem[static NAME_STEM_SIZE], const char *base,
    const struct options *options, struct errmsg *e)
{
	char text[NUMBERED_SIZE];
	struct name name;

	if (name_parse_client(&name, base, e) < 0)
		return -1;
	if (options->count > 0 && name.san.kind != TLS_SAN_DNS_NAME &&
	    name.san.kind != TLS_SAN_URI)
		return errmsg_set(e,
		    "--count: '%s' cannot be numbered, only DNS names and "
		    "URIs can",
		    base);
	if (number_name(text, base, 1, options->count, e) < 0 ||
	    name_parse_client(&name, text, e) < 0)
		return -1;
	return name_stem(stem, text, e);
}

/* Different names may still share their files' stem. */
static int
check_client_names(
    char *const *names, const struct options *options, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];
	char other[NAME_STEM_SIZE];

	for (size_t i = 0; names[i] != NULL; i++) {
		if (client_stem(stem, names[i], options, e) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (client_stem(other, names[k], options, e) == 0 &&
			    strcmp(stem, other) == 0)
				return errmsg_set(e,
				    "'%s' and '%s' would share their files",
				    names[k], names[i]);
	}
	return 0;
}

/* Calls transaction for each client that the operands and --count mean. */
static int
for_each_client(const struct issue *issue, const struct options *options,
    char *const *names,
    int (*transaction)(const struct identity_maker *,
	const struct identity_request *, struct errmsg *),
    struct errmsg *e)
{
	uint64_t count = options->count;
	uint64_t last = count == 0 ? 1 : count;
	char text[NUMBERED_SIZE];
	struct name name;
	struct identity_request request = { .names = &name,
		.count = 1,
		.purpose = CERT_CLIENT,
		.key_kind = options->key_kind };

	for (; *names != NULL; names++)
		for (uint64_t i = 1; i <= last; i++)
			if (number_name(text, *names, i, count, e) < 0 ||
			    name_parse_client(&name, text, e) < 0 ||
			    transaction(&issue->maker, &request, e) < 0)
				return -1;
	return 0;
}

static int
make_clients(struct issue *issue, const struct options *options,
    char *const *operands, struct errmsg *e)
{
	char *const *names = operands + 1;

	if (issue_begin(issue, options, operands[0], e) < 0 ||
	    for_each_client(issue, options, names, identity_check, e) < 0 ||
	    for_each_client(issue, options, names, identity_make, e) < 0)
		return -1;
	return store_sync(authority_store(issue->maker.authority), e);
}

int
issue_run_client(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	struct issue issue = ISSUE_INIT;
	int status = ARGS_EXIT_OK;

	if (issue_check_options(options, e) < 0 ||
	    check_client_names(operands + 1, options, e) < 0)
		return ARGS_EXIT_USAGE;
	if (make_clients(&issue, options, operands, e) < 0)
		status = ARGS_EXIT_FAILED;
	issue_end(&issue);
	return status;
}
