/* test_file_watch: ways in which files change, and what is no change. */
#include "common/sys/file_watch.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static const char *const paths[] = { "a.pem", "link/b.pem", "tls/c.pem" };
static struct file_watch w;
static struct errmsg e;

/*
 * a.pem is a file, link leads to the directory real, tls/c.pem to
 * ..data/c.pem, and ..data to one of two directories.
 */
static void
begin(void)
{
	scratch_enter();
	shell_expect(0, "",
	    "echo a >a.pem && mkdir -p real tls/..1 tls/..2 &&"
	    " ln -s real link && echo b >real/b.pem &&"
	    " echo c >tls/..1/c.pem && echo c >tls/..2/c.pem &&"
	    " ln -s ..1 tls/..data && ln -s ..data/c.pem tls/c.pem");
	ck_assert_msg(file_watch_open(&w, paths, 3, &e) == 0, "%s", e.text);
}

static bool
is_told(void)
{
	struct pollfd p = { .fd = w.fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void
end(void)
{
	file_watch_close(&w);
	scratch_leave();
}

static const char *const changes[] = {
	"echo other >new && mv new a.pem",
	"echo more >>a.pem",
	"chmod 600 a.pem",
	"rm a.pem",
	"echo other >new && mv new real/b.pem",
	"mkdir other && echo b >other/b.pem && rm link && ln -s other link",
	"rm -r real && mkdir real && echo b >real/b.pem",
	"echo more >>tls/..1/c.pem",
	"cd tls && ln -s ..2 ..tmp && mv -T ..tmp ..data",
	"rm tls/c.pem && echo c >tls/c.pem",
};

/* Twice: what was looked for anew is watched as well. */
TEST_EACH(changes_are_seen, changes)
{
	begin();
	ck_assert(!is_told());
	shell_expect(0, "", "%s", changes[_i]);
	ck_assert(is_told());
	file_watch_drain(&w);
	ck_assert(!is_told());
	ck_assert(file_watch_has_changed(&w, &e));
	ck_assert_str_eq(e.text, "");
	ck_assert(!file_watch_has_changed(&w, &e));
	shell_expect(0, "",
	    "rm -rf tls/..2/c.pem; echo again >a.pem;"
	    " echo again >link/b.pem; echo again >tls/c.pem");
	ck_assert(is_told());
	ck_assert(file_watch_has_changed(&w, &e));
	end();
}

static const char *const others[] = {
	"echo other >real/d.pem",
	"echo other >e.log",
	"cat a.pem link/b.pem tls/c.pem >/dev/null",
	"mkdir tls/..3",
};

TEST_EACH(what_is_no_change, others)
{
	begin();
	shell_expect(0, "", "%s >/dev/null", others[_i]);
	file_watch_drain(&w);
	ck_assert(!file_watch_has_changed(&w, &e));
	ck_assert_str_eq(e.text, "");
	end();
}

/* Its directory, too; the nearest one above it tells. */
TEST(file_that_is_not_there_yet)
{
	static const char *const path[] = { "no/such/file.pem" };

	scratch_enter();
	ck_assert_int_eq(file_watch_open(&w, path, 1, &e), 0);
	shell_expect(0, "", "mkdir -p no/such && echo >no/such/file.pem");
	ck_assert(is_told());
	ck_assert(file_watch_has_changed(&w, &e));
	file_watch_drain(&w);
	shell_expect(0, "", "echo more >no/such/file.pem");
	ck_assert(is_told());
	end();
}

TEST(links_in_a_circle)
{
	static const char *const path[] = { "one" };

	scratch_enter();
	shell_expect(0, "", "ln -s two one && ln -s one two");
	ck_assert_int_eq(file_watch_open(&w, path, 1, &e), 0);
	shell_expect(0, "", "rm one && echo >one");
	ck_assert(is_told());
	ck_assert(file_watch_has_changed(&w, &e));
	end();
}

SUITE("common/sys/file_watch")
