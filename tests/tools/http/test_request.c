/* Tests of tools/http/request: paths, hosts, numbers. */
#include "tools/http/request.h"

#include <check.h>
#include <stdint.h>

#include "tests/support/suite.h"

static const struct {
	const char *path;
	enum request_route route;
} routes[] = {
	{ "/", REQUEST_PAGE },
	{ "/metrics", REQUEST_METRICS },
	{ "/healthz", REQUEST_HEALTH },
	{ "/api/v1/stats.json", REQUEST_STATS },
	{ "/api/v1/connections", REQUEST_CONNECTIONS },
	{ "/api/v1/events", REQUEST_EVENTS },
	{ "", REQUEST_NOT_FOUND },
	{ "/metrics/", REQUEST_NOT_FOUND },
	{ "/../etc/passwd", REQUEST_NOT_FOUND },
};

TEST_EACH(paths, routes)
{
	ck_assert_int_eq(request_route(routes[_i].path), routes[_i].route);
}

static const struct {
	const char *host, *given;
	bool is_local;
} hosts[] = {
	{ NULL, "", true },
	{ "localhost", "", true },
	{ "LocalHost:9464", "", true },
	{ "127.0.0.1:9464", "", true },
	{ "127.1.2.3", "", true },
	{ "[::1]:9464", "", true },
	{ "[::1]", "", true },
	{ "box.example:80", "box.example", true },
	{ "", "", false },
	{ ":80", "", false },
	{ "evil.example", "", false },
	{ "evil.example:9464", "localhost", false },
	{ "localhost.evil.example", "", false },
	{ "127.0.0.1.evil.example", "", false },
	{ "127.evil.example", "", false },
	{ "128.0.0.1", "", false },
	{ "[::2]", "", false },
	{ "[::1", "", false },
	{ "[::1]evil.example", "", false },
	{ "0x7f.1", "", false },
};

TEST_EACH(hosts_that_are_this_one, hosts)
{
	ck_assert_int_eq(request_host_is_local(hosts[_i].host, hosts[_i].given),
	    hosts[_i].is_local);
}

static const struct {
	const char *text;
	bool is_good;
	size_t number;
} numbers[] = {
	{ "1", true, 1 },
	{ "1000", true, 1000 },
	{ "0", false, 0 },
	{ "1001", false, 0 },
	{ "", false, 0 },
	{ "-1", false, 0 },
	{ " 1", false, 0 },
	{ "1x", false, 0 },
	{ "18446744073709551617", false, 0 },
};

TEST_EACH(numbers_within_limits, numbers)
{
	size_t number = 0;

	ck_assert_int_eq(request_number(numbers[_i].text, 1, 1000, &number),
	    numbers[_i].is_good);
	ck_assert_uint_eq(number, numbers[_i].number);
}

SUITE("tools/http/request")
