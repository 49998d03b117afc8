/* server_copy: a folder in front of PATH; see the header. */
#include "tests/support/server_copy.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/shell.h"

void
server_copy_make(void)
{
	static char path[8192];

	shell_expect(0, "",
	    "rm -rf new && mkdir new &&"
	    " cp \"$(command -v tlsecho-server)\" new");
	/* Relative: the test's directory may have a colon in its name. */
	(void)snprintf(path, sizeof path, "new:%s", getenv("PATH"));
	(void)setenv("PATH", path, 1);
}

void
server_copy_replace(const char *command)
{
	shell_expect(0, "",
	    "%s && chmod 755 new/next && mv new/next new/tlsecho-server",
	    command);
}

void
server_copy_give(const char *option, const char *value)
{
	shell_expect(0, "",
	    "[ -e new/real ] || cp new/tlsecho-server new/real;"
	    " echo '#!/bin/sh' >new/next;"
	    " echo 'exec new/real $(echo \" $*\" |"
	    " sed \"s/ %s [^ ]*//\") %s %s' >>new/next",
	    option, option, value);
	server_copy_replace(":");
}
