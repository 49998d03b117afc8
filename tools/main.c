/* tlsecho-stat: shows the counters of a running server; see tlsecho-stat(1). */
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/errmsg.h"
#include "common/sys/args.h"
#include "common/sys/fd.h"
#include "tools/compare.h"
#include "tools/http/http.h"
#include "tools/list.h"
#include "tools/open.h"
#include "tools/options.h"
#include "tools/recorder.h"
#include "tools/sample/source.h"
#include "tools/term/term.h"
#include "tools/watch.h"

static int
fail(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", options_program.name, e->text);
	return ARGS_EXIT_FAILED;
}

static int
serve(const struct options *o, struct errmsg *e)
{
	static const char *const default_names[] = { "default", NULL };
	const struct http_options http = {
		.address = o->http,
		.names = o->stats != NULL ? o->names : default_names,
		.interval_ns = o->interval_ns,
	};

	return http_run(&http, e);
}

/* When nothing else is asked for. */
static bool
wants_terminal(const struct options *o)
{
	bool is_series =
	    o->count > 0 || (o->replay != NULL && o->interval_ns > 0);

	return !o->once && !o->json && !o->csv && !o->prometheus &&
	    o->filters[0] == NULL && !is_series;
}

static enum term_result
run_terminal(const struct options *o, struct errmsg *e)
{
	const struct term_options options = {
		.interval_ns =
		    o->interval_ns > 0 ? o->interval_ns : CLOCK_NS_PER_S,
		.waits = o->wait,
		.shows_all = o->all,
		.is_ascii = o->ascii,
		.view = (unsigned)o->view,
	};
	struct source *source = open_source(o, e);
	enum term_result result = TERM_FAILED;

	if (source != NULL)
		result = term_run(source, &options, e);
	source_close(&source);
	return result;
}

/* A terminal that is not known gets what a file or a pipe gets. */
static int
run(struct options *o, struct errmsg *e)
{
	enum term_result result = TERM_IMPOSSIBLE;

	if (o->list)
		return list_run(o, e);
	if (o->http != NULL)
		return serve(o, e);
	if (o->is_diff)
		return compare_run(o, e);
	if (o->record != NULL)
		return recorder_run(o, e);
	if (wants_terminal(o) && term_is_possible())
		result = run_terminal(o, e);
	if (result != TERM_IMPOSSIBLE)
		return (int)result;
	options_prefer_once(o);
	return watch_run(o, e);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct errmsg e;

	if (fd_open_standard(&e) < 0)
		return fail(&e);
	if (options_parse(&options, argc, argv, &e) < 0)
		return args_usage_error(&options_program, &e);
	return run(&options, &e) < 0 ? fail(&e) : ARGS_EXIT_OK;
}
