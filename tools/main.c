/* tlsecho-stat: shows the counters of a running server; see tlsecho-stat(1). */
#include <stdio.h>

#include "common/base/errmsg.h"
#include "common/sys/args.h"
#include "tools/list.h"
#include "tools/options.h"
#include "tools/watch.h"

int
main(int argc, char **argv)
{
	struct options options;
	struct errmsg e;
	int result;

	if (options_parse(&options, argc, argv, &e) < 0)
		return args_usage_error(&options_program, &e);
	if (options.list)
		result = list_run(&options, &e);
	else
		result = watch_run(&options, &e);
	if (result < 0) {
		fprintf(stderr, "%s: %s\n", options_program.name, e.text);
		return ARGS_EXIT_FAILED;
	}
	return ARGS_EXIT_OK;
}
