/* tmux: a server of its own on a socket of its own; see the header. */
#include "tests/support/tmux.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/shell.h"

bool
tmux_is_there(void)
{
	return shell_has_program("tmux");
}

/* Commands to its server. */
#define TMUX(t, format, ...) \
	shell("LC_ALL=C.UTF-8 tmux -S %s " format, (t)->socket, __VA_ARGS__)

/* -D: it stays a child, and goes with the test. The shell of users such as
 * nobody ends at once. */
static void
start_server(struct tmux *t)
{
	(void)snprintf(
	    t->socket, sizeof t->socket, "/tmp/tmux-test-%d", (int)getpid());
	spawn_shell(&t->server, NULL,
	    "env LC_ALL=C.UTF-8 SHELL=/bin/sh tmux -D -f /dev/null -S %s",
	    t->socket);
	AWAIT(access(t->socket, F_OK) == 0);
}

void
tmux_start(struct tmux *t, int rows, int columns, const char *format, ...)
{
	char command[1024];
	char script[sizeof t->socket + sizeof ".sh"];
	va_list args;
	FILE *file;

	va_start(args, format);
	(void)vsnprintf(command, sizeof command, format, args);
	va_end(args);
	start_server(t);
	(void)snprintf(script, sizeof script, "%s.sh", t->socket);
	file = fopen(script, "w");
	ck_assert_ptr_nonnull(file);
	/*
	 * A terminal that goes sends SIGHUP and SIGCONT, which takes away the
	 * SIGSTOP that LeakSanitizer waits for, from then on and for ever.
	 */
	fprintf(file,
	    "export ASAN_OPTIONS=\"$ASAN_OPTIONS:detect_leaks=0\"\n"
	    "trap : INT QUIT\nbefore=$(stty -g)\n%s\necho \"ended with $?\"\n"
	    "[ \"$before\" = \"$(stty -g)\" ] && echo settings restored\n"
	    "exec cat\n",
	    command);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(TMUX(t, "new-session -d -x %d -y %d 'exec sh %s'",
			     columns, rows, script),
	    0);
}

void
tmux_stop(struct tmux *t)
{
	(void)TMUX(t, "%s", "kill-server");
	(void)spawn_wait(&t->server);
	(void)shell("rm -f %s %s.sh", t->socket, t->socket);
}

void
tmux_type(struct tmux *t, const char *keys)
{
	ck_assert_int_eq(TMUX(t, "send-keys '%s'", keys), 0);
}

void
tmux_resize(struct tmux *t, int rows, int columns)
{
	ck_assert_int_eq(
	    TMUX(t, "resize-window -x %d -y %d", columns, rows), 0);
}

const char *
tmux_screen(struct tmux *t)
{
	ck_assert_int_eq(TMUX(t, "%s", "capture-pane -p"), 0);
	return shell_output();
}

static bool
is_seen(struct tmux *t, const char *text)
{
	return strstr(tmux_screen(t), text) != NULL;
}

void
tmux_expect(struct tmux *t, const char *text)
{
	int64_t until_ns = await_deadline_ns();

	while (!is_seen(t, text)) {
		if (await_left_ms(until_ns) == 0)
			ck_abort_msg("'%s' is not on the screen:\n%s", text,
			    tmux_screen(t));
		await_pause(until_ns + 1000000000, text);
	}
}

void
tmux_expect_no(struct tmux *t, const char *text)
{
	AWAIT(!is_seen(t, text));
}

/* The program is the child of the pane's shell. */
void
tmux_signal(struct tmux *t, const char *signal)
{
	ck_assert_int_eq(TMUX(t, "%s", "display-message -p '#{pane_pid}'"), 0);
	ck_assert_int_eq(
	    shell("kill -%s $(pgrep -P %d)", signal, atoi(shell_output())), 0);
}
