/* test_alert: what alerts are called. */
#include "common/tls/alert.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
	uint8_t number;
	const char *name;
} rows[] = {
	{ 0, "close_notify" },
	{ 1, "alert 1" },
	{ 48, "unknown_ca" },
	{ 113, "bad_certificate_status_response" },
	{ 116, "certificate_required" },
	{ 121, "ech_required" },
	{ 123, "alert 123" },
	{ 255, "alert 255" },
};

TEST_EACH(names, rows)
{
	char text[TLS_ALERT_TEXT];

	ck_assert_str_eq(tls_alert_name(rows[_i].number, text), rows[_i].name);
}

/* None is cut, and no two alerts have the same one. */
TEST(each_number_has_a_name_of_its_own)
{
	char all[TLS_ALERTS][TLS_ALERT_TEXT];

	for (int i = 0; i < TLS_ALERTS; i++) {
		(void)tls_alert_name((uint8_t)i, all[i]);
		ck_assert_uint_lt(strlen(all[i]), TLS_ALERT_TEXT - 1);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(all[i], all[j]);
	}
}

SUITE("common/tls/alert")
