/* test_config_limits: values of the options that limit clients. */
#include "server/config_limits.h"

#include "common/base/clock.h"
#include "server/config.h"
#include "tests/support/suite.h"

static struct config config;
static struct errmsg e;

static const struct {
	const char *text;
	uint64_t max;
	unsigned v4, v6;
} networks[] = {
	{ "0", 0, 24, 64 },
	{ "500", 500, 24, 64 },
	{ "1k/16", 1000, 16, 64 },
	{ "1/32/128", 1, 32, 128 },
	{ "10000000/1/1", 10000000, 1, 1 },
};

TEST_EACH(networks_that_are_right, networks)
{
	ck_assert_int_eq(
	    config_set_network_limit(&config, networks[_i].text, &e), 0);
	ck_assert_uint_eq(config.network.max, networks[_i].max);
	ck_assert_uint_eq(config.network.v4, networks[_i].v4);
	ck_assert_uint_eq(config.network.v6, networks[_i].v6);
}

static const char *const wrong_networks[] = { "", "x", "-1", "0/24", "5/",
	"5/0", "5/33", "5/24/", "5/24/129", "5/24/64/", "5/24/64/1", "10000001",
	"5 /24", "11111111111111111111111111111111111111111" };

TEST_EACH(networks_that_are_wrong, wrong_networks)
{
	ck_assert_int_eq(
	    config_set_network_limit(&config, wrong_networks[_i], &e), -1);
	ck_assert_uint_eq(config.network.max, 0);
}

static const struct {
	const char *text;
	int64_t interval_ns;
	uint64_t burst;
	const char *shown;
} rates[] = {
	{ "100", 10 * CLOCK_NS_PER_MS, 100, "one in 10.0 ms, 100 at once" },
	{ "100/s:500", 10 * CLOCK_NS_PER_MS, 500,
	    "one in 10.0 ms, 500 at once" },
	{ "30/m", 2 * CLOCK_NS_PER_S, 30, "one in 2.00 s, 30 at once" },
	{ "1/h:5", 3600 * CLOCK_NS_PER_S, 5, "one in 1 h 00 min, 5 at once" },
	{ "1000000:1", 1000, 1, "one in 1.00 us, 1 at once" },
};

TEST_EACH(rates_that_are_right, rates)
{
	char text[CONFIG_RATE_TEXT];

	ck_assert_int_eq(
	    config_set_handshake_rate(&config, rates[_i].text, &e), 0);
	ck_assert_int_eq(
	    config.handshake_rate.interval_ns, rates[_i].interval_ns);
	ck_assert_uint_eq(config.handshake_rate.burst, rates[_i].burst);
	ck_assert_str_eq(
	    config_format_rate(&config.handshake_rate, text), rates[_i].shown);
}

static const char *const wrong_rates[] = { "", "x", "-1", "0/s", "5/", "5/d",
	"5/ss", "5:", "5:0", "5:x", "5/s:5:5", "1000001", "5:1000001", "5 /s" };

TEST_EACH(rates_that_are_wrong, wrong_rates)
{
	ck_assert_int_eq(
	    config_set_address_rate(&config, wrong_rates[_i], &e), -1);
}

TEST(no_rate)
{
	ck_assert_int_eq(config_set_address_rate(&config, "5", &e), 0);
	ck_assert_int_ne(config.address_rate.interval_ns, 0);
	ck_assert_int_eq(config_set_address_rate(&config, "0", &e), 0);
	ck_assert_int_eq(config.address_rate.interval_ns, 0);
}

static const struct {
	const char *text;
	uint64_t bytes; /* 0: it is wrong */
} buffers[] = {
	{ "4k", 4096 },
	{ "1G", 1 << 30 },
	{ "65536", 65536 },
	{ "4095", 0 },
	{ "1025M", 0 },
	{ "much", 0 },
};

TEST_EACH(tx_buffers, buffers)
{
	ck_assert_int_eq(
	    config_set_max_tx_buffer(&config, buffers[_i].text, &e),
	    buffers[_i].bytes > 0 ? 0 : -1);
	if (buffers[_i].bytes > 0)
		ck_assert_uint_eq(config.max_tx_buffer, buffers[_i].bytes);
}

TEST(memory)
{
	ck_assert_int_eq(config_set_max_memory(&config, "1M", &e), 0);
	ck_assert_uint_eq(config.max_memory, 1 << 20);
	ck_assert_int_eq(config_set_max_memory(&config, "1023k", &e), -1);
	ck_assert_int_eq(config_set_max_memory(&config, "x", &e), -1);
	ck_assert_int_eq(config_set_max_memory(&config, "0", &e), 0);
	ck_assert_uint_eq(config.max_memory, 0);
}

SUITE("server/config_limits")
