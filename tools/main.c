/* tlsecho-stat: shows the counters of a running server; see tlsecho-stat(1). */
#include <stdio.h>

#include "common/base/errmsg.h"
#include "common/sys/args.h"
#include "common/sys/fd.h"
#include "tools/list.h"
#include "tools/options.h"
#include "tools/watch.h"

static int
fail(const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\n", options_program.name, e->text);
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
	if (options.list)
		result = list_run(&options, &e);
	else
		result = watch_run(&options, &e);
	return result < 0 ? fail(&e) : ARGS_EXIT_OK;
}
