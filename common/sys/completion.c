/* completion: one script for each shell; see the header. */
#include "common/sys/completion.h"

#include <string.h>

#include "common/sys/completion_script.h"

int
completion_print(FILE *out, const char *shell,
    const struct args_program *program, const struct args_option *options,
    struct errmsg *e)
{
	static const struct {
		const char *shell;
		void (*print)(const struct completion *s);
	} shells[] = { { "bash", completion_print_bash },
		{ "zsh", completion_print_zsh },
		{ "fish", completion_print_fish } };
	const struct completion s = {
		.out = out, .program = program, .options = options
	};

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shell, shells[i].shell) == 0) {
			shells[i].print(&s);
			return 0;
		}
	return errmsg_set(
	    e, "--completion: '%s' is neither bash, zsh nor fish", shell);
}
