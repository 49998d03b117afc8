/* tlsecho-client: load generator for mutual-TLS echo servers. */
#include <stdio.h>
#include <unistd.h>

#include "client/job.h"
#include "client/master/master.h"
#include "client/options.h"
#include "client/quota.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/report/report_json.h"
#include "client/report/report_text.h"
#include "client/tally.h"
#include "common/creds/creds.h"
#include "common/creds/files.h"
#include "common/sys/addr.h"
#include "common/sys/fd.h"
#include "common/sys/limits.h"
#include "common/sys/process.h"

static void
warn(const char *text)
{
	fprintf(stderr, "%s: warning: %s\n", options_program.name, text);
}

/*
 * Files are read once, before any process is forked, and the bytes of the key
 * are cleared again. A certificate of ours that is out of date is not refused:
 * what the server says to it may be what the user wants to see.
 */
static int
load_credentials(
    struct tls_creds **creds, const struct options *o, struct errmsg *e)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	const struct tls_settings settings = {
		.role = TLS_CLIENT, .priority = o->priority, .keylog_fd = -1
	};
	struct errmsg date;
	unsigned which;
	int result = tls_files_load(&bundle, &o->files, e);

	if (result == 0)
		result = tls_creds_new(creds, &bundle, &settings, e);
	tls_bundle_free(&bundle);
	if (result == 0 && tls_creds_check_dates(*creds, &which, &date) < 0)
		warn(date.text);
	return result;
}

/* Everything that can go wrong before the first connection. */
static int
prepare(const struct options *o, struct report_file *json,
    struct addr_list *addrs, struct tls_creds **creds, struct errmsg *e)
{
	const struct sources *sources = &o->sources;

	if (o->interactive && isatty(STDIN_FILENO) != 1)
		return errmsg_set(
		    e, "--interactive: standard input is not a terminal");
	if (o->json != NULL && report_file_open(json, o->json, e) < 0)
		return -1;
	if (limits_reserve_files(quota_of(o->connections, o->workers, 0), e) <
		0 ||
	    load_credentials(creds, o, e) < 0)
		return -1;
	if (addr_resolve(addrs, o->target, ADDR_TO_CONNECT, e) < 0)
		return -1;
	if (sources_match(sources, addrs, e) < 0 ||
	    sources_check(sources, e) < 0)
		return errmsg_prepend(e, "--bind");
	return limits_check_ports(o->connections,
	    (unsigned)addrs->count * (sources->count > 0 ? sources->count : 1),
	    e);
}

static void
say(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", options_program.name, e->text);
}

/* One that cannot be written does not keep the other from being written. */
static int
print_reports(const struct report *r, FILE *text,
    const struct report_file *json, struct errmsg *e)
{
	int result = 0;

	report_text_print(text, r);
	if (fflush(text) != 0 || ferror(text))
		result = errmsg_set(e, "the report cannot be written");
	if (json->path != NULL && report_json_write(json, r, e) < 0)
		result = -1;
	return result;
}

/* Whoever keeps standard output for later is told now. */
static int
end(const struct report *r, FILE *text, const struct report_file *json,
    struct errmsg *e)
{
	struct errmsg why;
	int result = print_reports(r, text, json, e);
	enum report_status status = report_explain(r, &why);

	if (status != REPORT_OK)
		say(&why);
	return result < 0 ? -1 : (int)status;
}

/* Returns the exit status; -1 and a line in e. */
static int
run(const struct options *o, struct tally *tallies, struct errmsg *e)
{
	FILE *text =
	    o->json != NULL && report_file_is_stdout(o->json) ? stderr : stdout;
	struct report_file json = REPORT_FILE_NONE;
	struct report report = { .options = o };
	struct addr_list addrs;
	struct tls_creds *creds = NULL;
	struct job job = { .options = o,
		.addrs = &addrs,
		.tallies = tallies,
		.totals = &tallies[o->workers],
		.text_fd = fileno(text) };
	int result = prepare(o, &json, &addrs, &creds, e);

	job.creds = creds;
	if (result == 0)
		result = master_run(&job, &report, e);
	tls_creds_unref(&creds);
	if (result == 0)
		result = end(&report, text, &json, e);
	report_file_close(&json);
	return result;
}

static int
fail(const struct errmsg *e)
{
	say(e);
	return ARGS_EXIT_FAILED;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct tally *tallies;
	struct errmsg e;
	int result = -1;

	if (fd_open_standard(&e) < 0)
		return fail(&e);
	if (options_parse(&options, argc, argv, &e) < 0)
		return args_usage_error(&options_program, &e);
	if (tls_forget_keylog())
		warn("SSLKEYLOGFILE is ignored");
	process_hide_memory();
	/* One for each worker, and one for their sum. */
	tallies = tally_map((unsigned)options.workers + 1, &e);
	if (tallies != NULL)
		result = run(&options, tallies, &e);
	tally_unmap(&tallies, (unsigned)options.workers + 1);
	return result >= 0 ? result : fail(&e);
}
