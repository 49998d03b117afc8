/* terminfo: asks before newterm(3) does; see the header. */
#include "tools/term/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

/* newterm(3) of ncurses 6.4 leaks 1,624 bytes for a TERM that is unknown. */
bool
terminfo_knows_term(void)
{
	int error;

	if (setupterm(NULL, STDOUT_FILENO, &error) == ERR)
		return false;
	(void)del_curterm(set_curterm(NULL));
	return true;
}
