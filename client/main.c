/* tlsecho-client: load generator for mutual-TLS echo servers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/explain/explain.h"
#include "client/job.h"
#include "client/master/master.h"
#include "client/master/steps.h"
#include "client/options.h"
#include "client/probe/ping.h"
#include "client/probe/pipe.h"
#include "client/report/outputs.h"
#include "client/report/report.h"
#include "client/report/report_json.h"
#include "client/report/report_server.h"
#include "client/report/report_text.h"
#include "client/report/series.h"
#include "client/runs/commands.h"
#include "client/runs/page.h"
#include "client/search/search.h"
#include "client/server_stats.h"
#include "client/setup.h"
#include "client/tally.h"
#include "common/creds/creds.h"
#include "common/sys/fd.h"
#include "common/sys/process.h"
#include "common/sys/signals.h"

static void
say(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", options_program.name, e->text);
}

/* The page has the document that --json writes in it. */
static int
write_page(
    const struct report *r, const struct report_file *html, struct errmsg *e)
{
	char *document;
	int result;

	if (html->path == NULL)
		return 0;
	document = report_json_text(r, e);
	result = document != NULL ? page_write(html, document, e) : -1;
	free(document);
	return result;
}

/* What cannot be written does not keep the rest from being written. */
static int
print_reports(const struct report *r, FILE *text, const struct outputs *outputs,
    struct errmsg *e)
{
	int result = 0;

	if (!steps_mode_has_stdout(r->options->steps))
		report_text_print(text, r);
	if (fflush(text) != 0 || ferror(text))
		result = errmsg_set(e, "the report cannot be written");
	if (outputs_write(outputs, r, e) < 0)
		result = -1;
	return write_page(r, &outputs->files[OUTPUT_HTML], e) < 0 ? -1 : result;
}

/* The reports are in their files now. */
static int
write_end(struct errmsg *e)
{
	int error = steps_write(STDOUT_FILENO, "end");

	return error == 0 ? 0 : errmsg_set_errno(e, -error, "standard output");
}

/*
 * The reason of a failure is on standard error, too: standard output may go to
 * a file that is read much later.
 */
static int
end(const struct report *r, FILE *text, const struct outputs *outputs,
    struct errmsg *e)
{
	struct errmsg why;
	int result = print_reports(r, text, outputs, e);
	enum report_status status = report_explain(r, &why);

	if (status != REPORT_OK)
		say(&why);
	if (result == 0 && steps_mode_has_stdout(r->options->steps) &&
	    r->lost.text[0] == '\0')
		result = write_end(e);
	return result < 0 ? -1 : (int)status;
}

/* What the server has counted meanwhile becomes the report's. */
static int
run_once(const struct job *job, struct server_stats *server,
    struct report *report, struct errmsg *e)
{
	const char *name = job->options->server_stats;
	struct server_loss loss;
	int result;

	if (name == NULL)
		return master_run(job, report, e);
	if (server_stats_open(server, name, e) < 0)
		return -1;
	result = master_run(job, report, e);
	if (result == 0) {
		loss = report_server_loss(report);
		server_stats_join(server, job, &loss);
		report->server = server;
	}
	server_stats_close(server);
	return result;
}

/* The exit status; -1 and a line in e. */
static int
run_load(const struct options *o, FILE *text, const struct outputs *outputs,
    struct errmsg *e)
{
	struct report report = { .options = o };
	/* One for each worker, another for its warm-up; and their sum. */
	unsigned count = 2 * (unsigned)o->workers + 1;
	struct tally *tallies = tally_map(count, e);
	struct setup setup;
	static struct search search;       /* large for a stack, */
	static struct server_stats server; /* and so is this */
	int result = -1;

	if (tallies != NULL && setup_open(&setup, o, e) == 0) {
		const struct job job = { .options = o,
			.addrs = &setup.addrs,
			.creds = setup.creds,
			.identities =
			    o->identities != NULL ? &setup.identities : NULL,
			.outcomes = setup.outcomes,
			.tallies = tallies,
			.warmups = &tallies[o->workers],
			.totals = &tallies[2 * o->workers],
			.text_fd = fileno(text) };

		result = o->find_rate
		    ? search_run(&search, &job, text, &report, e)
		    : run_once(&job, &server, &report, e);
		if (result == 0)
			result = end(&report, text, outputs, e);
		setup_close(&setup);
	}
	series_free(&report.series);
	tally_unmap(&tallies, count);
	return result;
}

/* The same: one connection, which is no load. */
static int
run_probe(const struct options *o, struct errmsg *e)
{
	struct setup setup;
	int result = setup_open(&setup, o, e);

	if (result < 0)
		return -1;
	result = o->ping ? ping_run(o, &setup, stdout, e)
			 : pipe_run(o, &setup, STDIN_FILENO, STDOUT_FILENO, e);
	if (o->pipe && result > 0)
		say(e);
	setup_close(&setup);
	return result;
}

/* The same. */
static int
run_command(const struct options *o, FILE *text, const struct outputs *outputs,
    struct errmsg *e)
{
	if (o->ping || o->pipe)
		return run_probe(o, e);
	if (o->explain)
		return explain(o, text, &outputs->files[OUTPUT_JSON], e);
	switch (o->command) {
	case OPTIONS_MERGE:
		return command_merge(o, text, outputs, e);
	case OPTIONS_COMPARE:
		return command_compare(o, text, outputs, e);
	case OPTIONS_RUN:
		break;
	}
	return run_load(o, text, outputs, e);
}

/* The same. */
static int
run(const struct options *o, struct errmsg *e)
{
	struct outputs outputs;
	int result;

	if (o->interactive && isatty(STDIN_FILENO) != 1)
		return errmsg_set(
		    e, "--interactive: standard input is not a terminal");
	result = outputs_open(&outputs, o, e);
	if (result == 0)
		result = run_command(
		    o, outputs.leaves_stdout ? stderr : stdout, &outputs, e);
	outputs_close(&outputs);
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
	struct errmsg e;
	int result;

	if (fd_open_standard(&e) < 0)
		return fail(&e);
	if (options_parse(&options, argc, argv, &e) < 0)
		return args_usage_error(&options_program, &e);
	if (options.steps == STEPS_SIGNAL)
		signals_block(SIGUSR1);
	if (tls_forget_keylog())
		setup_warn("SSLKEYLOGFILE is ignored");
	process_hide_memory();
	result = run(&options, &e);
	return result >= 0 ? result : fail(&e);
}
