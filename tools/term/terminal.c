/* terminal: curses, poll and signalfd; see the header. */
#include "tools/term/terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/sys/keypress.h"
#include "common/sys/signals.h"
#include "tools/term/keys.h"
#include "tools/term/terminfo.h"

enum {
	ESCAPE_MS = 25 /* within which the rest of a key's sequence comes */
};

struct terminal {
	SCREEN *screen;
	int signal_fd;
	bool is_ascii;
	bool has_colors;
	bool is_spoiled;
	bool is_away; /* another job has the terminal, after bg */
};

static bool is_open;

bool
terminal_is_capable(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    !keypress_is_background(STDIN_FILENO) && term != NULL &&
	    term[0] != '\0' && strcmp(term, "dumb") != 0 &&
	    strcmp(term, "unknown") != 0;
}

/* The size that the kernel knows; LINES and COLUMNS may be of another time. */
static void
follow_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0)
		(void)resizeterm(size.ws_row, size.ws_col);
}

/* https://no-color.org: any value but an empty one. */
static bool
wants_colors(void)
{
	const char *no = getenv("NO_COLOR");

	return no == NULL || no[0] == '\0';
}

static void
start_colors(struct terminal *t)
{
	static const short colors[STYLES] = {
		[STYLE_TITLE] = COLOR_CYAN,
		[STYLE_GOOD] = COLOR_GREEN,
		[STYLE_WARN] = COLOR_YELLOW,
		[STYLE_BAD] = COLOR_RED,
		[STYLE_GRAPH] = COLOR_GREEN,
	};

	if (!wants_colors() || !has_colors() || start_color() == ERR)
		return;
	(void)use_default_colors();
	for (int i = 0; i < STYLES; i++)
		if (colors[i] != 0)
			(void)init_pair((short)i, colors[i], -1);
	t->has_colors = true;
}

/* ^S would stop the output and, as signals are blocked, keep us for good. */
static void
end_flow_control(void)
{
	struct termios settings;

	if (tcgetattr(STDIN_FILENO, &settings) < 0)
		return;
	settings.c_iflag &= ~(tcflag_t)IXON;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &settings);
	(void)def_prog_mode();
}

static void
set_modes(struct terminal *t)
{
	(void)set_escdelay(ESCAPE_MS);
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)intrflush(stdscr, FALSE);
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)curs_set(0);
	end_flow_control();
	start_colors(t);
	follow_size();
}

static int
open_screen(struct terminal *t, struct errmsg *e)
{
	const char *term = getenv("TERM");

	(void)setlocale(LC_CTYPE, "");
	t->is_ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	if (terminfo_knows_term())
		t->screen = newterm(NULL, stdout, stdin);
	if (t->screen == NULL)
		return errmsg_set(e,
		    "TERM: '%s' is not known here: set it to what the "
		    "terminal is, such as xterm",
		    term != NULL ? term : "");
	set_modes(t);
	return 0;
}

/* Signals are blocked before curses installs its handlers, so that none of
 * those ever runs. */
static int
open_signals(struct terminal *t, struct errmsg *e)
{
	/* What nohup(1) has asked for is not undone. */
	const int hang_up = signals_is_ignored(SIGHUP) ? SIGTERM : SIGHUP;
	const int numbers[] = { SIGINT, SIGTERM, hang_up, SIGQUIT, SIGWINCH,
		SIGTSTP, SIGCONT, 0 };

	t->signal_fd = signals_open(numbers, e);
	return t->signal_fd < 0 ? -1 : 0;
}

int
terminal_open(struct terminal **terminal, struct errmsg *e)
{
	struct terminal *t = calloc(1, sizeof *t);

	ASSERT(!is_open);
	*terminal = NULL;
	if (t == NULL)
		return errmsg_set(e, "out of memory");
	if (open_signals(t, e) < 0) {
		free(t);
		return -1;
	}
	if (open_screen(t, e) < 0) {
		(void)close(t->signal_fd);
		free(t);
		return -1;
	}
	is_open = true;
	*terminal = t;
	return 0;
}

void
terminal_close(struct terminal **terminal)
{
	struct terminal *t = *terminal;

	*terminal = NULL;
	if (t == NULL)
		return;
	if (!keypress_is_background(STDIN_FILENO))
		(void)endwin();
	delscreen(t->screen);
	(void)close(t->signal_fd);
	free(t);
	is_open = false;
}

bool
terminal_is_ascii(const struct terminal *t)
{
	return t->is_ascii;
}

void
terminal_size(const struct terminal *t, unsigned *rows, unsigned *columns)
{
	(void)t;
	*rows = (unsigned)LINES;
	*columns = (unsigned)COLS;
}

void
terminal_spoil(struct terminal *t)
{
	t->is_spoiled = true;
}

/* What colours say is said in words, too: without them there is emphasis. */
static attr_t
attributes_of(const struct terminal *t, unsigned style, short *pair)
{
	attr_t more = style & STYLE_REVERSE ? A_REVERSE : A_NORMAL;

	style &= ~(unsigned)STYLE_REVERSE;
	*pair = t->has_colors && style >= STYLE_TITLE ? (short)style : 0;
	switch (style) {
	case STYLE_DIM:
		return more | A_DIM;
	case STYLE_BOLD:
	case STYLE_TITLE:
	case STYLE_BAD:
		return more | A_BOLD;
	default:
		return more;
	}
}

static void
draw_cell(const struct terminal *t, const struct canvas *c, unsigned row,
    unsigned column)
{
	const struct cell *cell = canvas_cell(c, row, column);
	const wchar_t text[2] = { cell->character, 0 };
	attr_t attributes;
	cchar_t character;
	short pair;

	if (cell->character == 0)
		return;
	attributes = attributes_of(t, cell->style, &pair);
	if (setcchar(&character, text, attributes, pair, NULL) == OK)
		(void)mvadd_wch((int)row, (int)column, &character);
}

/* A terminal that is stopped would keep us, and signals, waiting. */
static bool
takes_output(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && out.revents == POLLOUT;
}

/* Whoever had the terminal has changed it, or has it until fg. */
static void
resume(struct terminal *t)
{
	t->is_away = keypress_is_background(STDIN_FILENO);
	if (t->is_away)
		return;
	(void)reset_prog_mode();
	(void)curs_set(0);
	follow_size();
	terminal_spoil(t);
}

void
terminal_show(struct terminal *t, const struct canvas *c)
{
	if (t->is_away)
		resume(t);
	if (t->is_away || !takes_output())
		return;
	if (t->is_spoiled)
		(void)clearok(curscr, TRUE);
	t->is_spoiled = false;
	(void)erase();
	for (unsigned row = 0; row < c->rows; row++)
		for (unsigned column = 0; column < c->columns; column++)
			draw_cell(t, c, row, column);
	(void)refresh();
}

/* Shows the terminal as it was while the process is stopped. */
static void
suspend(struct terminal *t)
{
	if (!t->is_away && def_prog_mode() == OK)
		(void)endwin();
	signals_stop();
	resume(t);
}

/* TERMINAL_TIME: nothing has come. */
static enum terminal_event
take_signals(struct terminal *t)
{
	enum terminal_event event = TERMINAL_TIME;
	int number;

	while ((number = signals_read(t->signal_fd)) != 0) {
		switch (number) {
		case SIGTSTP:
			suspend(t);
			break;
		case SIGCONT:
			resume(t);
			break;
		case SIGWINCH:
			follow_size();
			break;
		default:
			return TERMINAL_END;
		}
		event = TERMINAL_CHANGED;
	}
	return event;
}

static int
translate(int key)
{
	switch (key) {
	case KEY_UP:
		return KEY_CURSOR_UP;
	case KEY_DOWN:
		return KEY_CURSOR_DOWN;
	case KEY_LEFT:
		return KEY_CURSOR_LEFT;
	case KEY_RIGHT:
		return KEY_CURSOR_RIGHT;
	case KEY_PPAGE:
		return KEY_PAGE_UP;
	case KEY_NPAGE:
		return KEY_PAGE_DOWN;
	case KEY_HOME:
		return KEY_FIRST;
	case KEY_END:
		return KEY_FINAL;
	case KEY_ENTER:
		return KEY_RETURN;
	case KEY_BACKSPACE:
		return KEY_RUBOUT;
	case KEY_BTAB:
		return KEY_BACK_TAB;
	default:
		return key;
	}
}

/* resizeterm(3) leaves a key of its own, which is none. */
static bool
take_key(int *key)
{
	int got;

	while ((got = getch()) == KEY_RESIZE)
		continue;
	*key = translate(got);
	return got != ERR;
}

/* TERMINAL_TIME: there is nothing yet. */
static enum terminal_event
look(struct terminal *t, const struct pollfd *in, int *key)
{
	enum terminal_event event = take_signals(t);

	if (event != TERMINAL_TIME || t->is_away)
		return event;
	if (take_key(key))
		return TERMINAL_KEY;
	/* Readable, and nothing there: the end of it. */
	return in->revents != 0 ? TERMINAL_END : TERMINAL_TIME;
}

enum terminal_event
terminal_wait(struct terminal *t, int64_t until_ns, int *key)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = t->signal_fd, .events = POLLIN },
	};
	enum terminal_event event;
	struct timespec left;
	int64_t left_ns;

	/* curses may hold keys that it has read already. */
	while ((event = look(t, &fds[0], key)) == TERMINAL_TIME &&
	    (left_ns = until_ns - clock_now_ns()) > 0) {
		fds[0].fd = t->is_away ? -1 : STDIN_FILENO;
		left.tv_sec = left_ns / CLOCK_NS_PER_S;
		left.tv_nsec = left_ns % CLOCK_NS_PER_S;
		if (ppoll(fds, 2, &left, NULL) <= 0)
			fds[0].revents = 0;
	}
	return event;
}
