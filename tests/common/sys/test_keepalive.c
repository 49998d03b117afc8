/* test_keepalive: what texts mean, and what a socket is told. */
#include "common/sys/keepalive.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

static const struct {
	const char *text;
	struct keepalive keepalive;
} good[] = {
	{ "off", { .on = false } },
	{ "on", { .on = true } },
	{ "1", { .on = true, .idle_s = 1 } },
	{ "60s", { .on = true, .idle_s = 60 } },
	{ "2m:15s", { .on = true, .idle_s = 120, .interval_s = 15 } },
	{ "32767:32767:127",
	    { .on = true,
		.idle_s = 32767,
		.interval_s = 32767,
		.count = 127 } },
};

TEST_EACH(texts, good)
{
	const struct keepalive *want = &good[_i].keepalive;
	struct keepalive k = { .on = true, .idle_s = 7, .count = 7 };
	struct errmsg e;

	ck_assert_int_eq(keepalive_parse(&k, good[_i].text, &e), 0);
	ck_assert_int_eq(k.on, want->on);
	ck_assert_int_eq(k.idle_s, want->idle_s);
	ck_assert_int_eq(k.interval_s, want->interval_s);
	ck_assert_int_eq(k.count, want->count);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "''" },
	{ "no", "'no'" },
	{ "0", "'0' is not a time of whole seconds, 1 to 32767" },
	{ "500ms", "'500ms' is not a time of whole seconds" },
	{ "32768", "'32768' is not a time of whole seconds" },
	{ "60:", "''" },
	{ "60::3", "''" },
	{ "60:10:", "''" },
	{ "60:10:0", "'0' is not a number of probes, 1 to 127" },
	{ "60:10:128", "'128' is not a number of probes" },
	{ "60:10:3:1", "'3:1'" },
	{ "1000000000000000000000000000000000000000000000000000000000000000",
	    "is not off, on or IDLE[:INTERVAL[:COUNT]]" },
};

TEST_EACH(refused, bad)
{
	struct keepalive k;
	struct errmsg e = { "" };

	ck_assert_int_eq(keepalive_parse(&k, bad[_i].text, &e), -1);
	ck_assert_msg(strstr(e.text, bad[_i].words) != NULL, "%s: %s",
	    bad[_i].text, e.text);
}

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	ck_assert_int_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

TEST_EACH(what_a_socket_is_told, good)
{
	static const int names[] = { TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT };
	const struct keepalive *k = &good[_i].keepalive;
	const int values[] = { k->idle_s, k->interval_s, k->count };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int own[3];

	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < TEST_ROWS(names); i++)
		own[i] = option(fd, IPPROTO_TCP, names[i]);
	keepalive_apply(k, fd);
	ck_assert_int_eq(option(fd, SOL_SOCKET, SO_KEEPALIVE), k->on);
	for (size_t i = 0; i < TEST_ROWS(names); i++)
		ck_assert_int_eq(option(fd, IPPROTO_TCP, names[i]),
		    values[i] != 0 ? values[i] : own[i]);
	(void)close(fd);
}

SUITE("common/sys/keepalive")
