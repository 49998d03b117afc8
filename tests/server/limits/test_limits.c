/* test_limits: who is refused, by which limit, and what that uses up. */
#include "server/limits/limits.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "server/config.h"
#include "tests/support/suite.h"

static struct config config;
static struct limits *limits;
static struct limits_pass pass;

static void
begin(void)
{
	struct errmsg e;

	config.workers = config.slots = 2;
	ck_assert_int_eq(limits_new(&limits, &config, -1, &e), 0);
	ck_assert_ptr_nonnull(limits);
}

static enum close_reason
admit(const char *address, int64_t now_ns)
{
	union addr_peer peer = { .any.sa_family = AF_INET6 };

	if (inet_pton(AF_INET6, address, &peer.v6.sin6_addr) != 1) {
		peer.any.sa_family = AF_INET;
		ck_assert_int_eq(
		    inet_pton(AF_INET, address, &peer.v4.sin_addr), 1);
	}
	return limits_admit(limits, 1, &peer, now_ns, &pass);
}

TEST(no_limits)
{
	struct errmsg e;

	config.workers = config.slots = 2;
	ck_assert_int_eq(limits_new(&limits, &config, -1, &e), 0);
	ck_assert_ptr_null(limits);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_NONE);
	limits_release(limits, 1, &pass);
	limits_forget(limits, 1);
	limits_free(&limits);
}

TEST(address)
{
	struct limits_pass first;

	config.max_per_address = 2;
	begin();
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_NONE);
	first = pass;
	/* The same as IPv6; a dual-stack listener sees it so. */
	ck_assert_int_eq(admit("::ffff:192.0.2.1", 0), REASON_NONE);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_ADDRESS_LIMIT);
	limits_release(limits, 1, &pass); /* of nobody */
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_ADDRESS_LIMIT);
	ck_assert_int_eq(admit("192.0.2.2", 0), REASON_NONE);
	limits_release(limits, 1, &first);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_NONE);
	limits_forget(limits, 0);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_ADDRESS_LIMIT);
	limits_forget(limits, 1);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_NONE);
	limits_free(&limits);
}

static const struct {
	const char *first, *second;
	bool is_same;
} networks[] = {
	{ "192.0.2.1", "192.0.2.254", true },
	{ "192.0.2.1", "192.0.3.1", false },
	{ "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true },
	{ "2001:db8:0:1::1", "2001:db8:0:2::1", false },
	{ "::192.0.2.1", "192.0.2.1", false },
};

TEST_EACH(network, networks)
{
	config.network = (struct config_network){ 1, 24, 64 };
	begin();
	ck_assert_int_eq(admit(networks[_i].first, 0), REASON_NONE);
	ck_assert_int_eq(admit(networks[_i].second, 0),
	    networks[_i].is_same ? REASON_NETWORK_LIMIT : REASON_NONE);
	limits_free(&limits);
}

TEST(odd_prefixes)
{
	config.network = (struct config_network){ 1, 31, 127 };
	begin();
	ck_assert_int_eq(admit("192.0.2.0", 0), REASON_NONE);
	ck_assert_int_eq(admit("192.0.2.1", 0), REASON_NETWORK_LIMIT);
	ck_assert_int_eq(admit("192.0.2.2", 0), REASON_NONE);
	ck_assert_int_eq(admit("2001:db8::2", 0), REASON_NONE);
	ck_assert_int_eq(admit("2001:db8::3", 0), REASON_NETWORK_LIMIT);
	limits_free(&limits);
}

/* Who is refused for his own rate uses nothing of the server's. */
TEST(rates)
{
	config.handshake_rate = (struct config_rate){ CLOCK_NS_PER_S, 3 };
	config.address_rate = (struct config_rate){ CLOCK_NS_PER_S, 1 };
	begin();
	ck_assert_int_eq(admit("192.0.2.1", 1), REASON_NONE);
	for (int i = 0; i < 9; i++)
		ck_assert_int_eq(admit("192.0.2.1", 1), REASON_ADDRESS_RATE);
	ck_assert_int_eq(admit("192.0.2.2", 1), REASON_NONE);
	ck_assert_int_eq(admit("192.0.2.3", 1), REASON_NONE);
	ck_assert_int_eq(admit("192.0.2.4", 1), REASON_RATE_LIMIT);
	/* Nor does the server's refusal use anything of his. */
	ck_assert_int_eq(admit("192.0.2.4", 1 + CLOCK_NS_PER_S), REASON_NONE);
	ck_assert_int_eq(
	    admit("192.0.2.1", 1 + CLOCK_NS_PER_S), REASON_RATE_LIMIT);
	limits_free(&limits);
}

/* Reset before anybody could ask who it was; or a proxy does not say it. */
TEST(without_address)
{
	const union addr_peer unknown = { .any.sa_family = 0 };

	config.max_per_address = 1;
	config.network = (struct config_network){ 1, 24, 64 };
	config.address_rate = (struct config_rate){ CLOCK_NS_PER_S, 1 };
	config.handshake_rate = (struct config_rate){ CLOCK_NS_PER_S, 3 };
	begin();
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
		    limits_admit(limits, 0, &unknown, 0, &pass), REASON_NONE);
	ck_assert_int_eq(
	    limits_admit(limits, 0, &unknown, 0, &pass), REASON_RATE_LIMIT);
	limits_free(&limits);
}

/* The next program has the numbers; with other slots it begins anew. */
TEST(another_program)
{
	struct limits *before;
	struct errmsg e;

	config.max_per_address = 1;
	config.address_rate = (struct config_rate){ CLOCK_NS_PER_S, 1 };
	begin();
	ck_assert_int_eq(admit("192.0.2.1", 1), REASON_NONE);
	before = limits;
	ck_assert_int_eq(
	    limits_new(&limits, &config, dup(limits_fd(before)), &e), 0);
	ck_assert_int_eq(admit("192.0.2.1", 1), REASON_ADDRESS_LIMIT);
	limits_forget(limits, 1);
	ck_assert_int_eq(admit("192.0.2.1", 1), REASON_ADDRESS_RATE);
	limits_free(&limits);
	config.slots = 3;
	ck_assert_int_eq(
	    limits_new(&limits, &config, dup(limits_fd(before)), &e), 0);
	ck_assert_int_eq(admit("192.0.2.1", 1), REASON_NONE);
	limits_free(&limits);
	limits_free(&before);
	ck_assert_int_eq(limits_fd(NULL), -1);
}

TEST(counters)
{
	ck_assert_int_eq(
	    limits_counter(REASON_ADDRESS_LIMIT), STATS_REFUSED_ADDRESS);
	ck_assert_int_eq(
	    limits_counter(REASON_NETWORK_LIMIT), STATS_REFUSED_NETWORK);
	ck_assert_int_eq(
	    limits_counter(REASON_ADDRESS_RATE), STATS_REFUSED_ADDRESS_RATE);
	ck_assert_int_eq(limits_counter(REASON_RATE_LIMIT), STATS_REFUSED_RATE);
}

SUITE("server/limits/limits")
