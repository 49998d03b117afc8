/* test_field: the descriptors that counters.def makes. */
#include "common/stats/field.h"

#include <ctype.h>
#include <string.h>

#include "common/stats/stats.h"
#include "tests/support/suite.h"

static struct stats_field fields[STATS_FIELDS];

TEST(fields_are_named_once)
{
	stats_describe(fields);
	for (int i = 0; i < STATS_FIELDS; i++) {
		ck_assert_uint_lt(
		    strnlen(fields[i].name, STATS_NAME), STATS_NAME);
		ck_assert_uint_lt(
		    strnlen(fields[i].help, STATS_HELP), STATS_HELP);
		ck_assert_uint_gt(strlen(fields[i].help), 0);
		for (const char *c = fields[i].name; *c != '\0'; c++)
			ck_assert(islower((unsigned char)*c) ||
			    isdigit((unsigned char)*c) || *c == '_');
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(fields[i].name, fields[j].name);
	}
}

static uint32_t
width(const struct stats_field *f)
{
	return f->kind == STATS_KIND_HIST ? sizeof(struct hist)
					  : sizeof(uint64_t);
}

TEST(fields_do_not_overlap)
{
	stats_describe(fields);
	for (int i = 0; i < STATS_FIELDS; i++) {
		if (fields[i].kind == STATS_KIND_DIFFERENCE)
			continue;
		ck_assert_uint_ge(
		    fields[i].offset, offsetof(struct stats_shard, counters));
		ck_assert_uint_le(fields[i].offset + width(&fields[i]),
		    sizeof(struct stats_shard));
		for (int j = 0; j < i; j++)
			ck_assert(fields[j].kind == STATS_KIND_DIFFERENCE ||
			    fields[j].offset + width(&fields[j]) <=
				fields[i].offset ||
			    fields[i].offset + width(&fields[i]) <=
				fields[j].offset);
	}
}

TEST(field_offsets_are_those_of_the_shard)
{
	static struct stats_shard shard;

	stats_describe(fields);
	for (int i = 0; i < STATS_FIELDS; i++) {
		const uint8_t *at = (const uint8_t *)&shard + fields[i].offset;

		if (strcmp(fields[i].name, "bytes_sent") == 0)
			ck_assert_ptr_eq(at, &shard.counters[STATS_BYTES_SENT]);
		if (strcmp(fields[i].name, "echo_time") == 0)
			ck_assert_ptr_eq(at, &shard.hists[STATS_ECHO_TIME]);
	}
}

TEST(differences_name_totals)
{
	stats_describe(fields);
	for (int i = 0; i < STATS_FIELDS; i++) {
		if (fields[i].kind != STATS_KIND_DIFFERENCE)
			continue;
		ck_assert_uint_lt(fields[i].plus, STATS_FIELDS);
		ck_assert_uint_lt(fields[i].minus, STATS_FIELDS);
		ck_assert_uint_eq(
		    fields[fields[i].plus].kind, STATS_KIND_TOTAL);
		ck_assert_uint_eq(
		    fields[fields[i].minus].kind, STATS_KIND_TOTAL);
		if (strcmp(fields[i].name, "open") != 0)
			continue;
		ck_assert_str_eq(fields[fields[i].plus].name, "accepted");
		ck_assert_str_eq(fields[fields[i].minus].name, "ended");
	}
}

SUITE("common/stats/field")
