/* Tests of tools/record/decode: payloads of later releases, and of liars. */
#include "tools/record/decode.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tools/record/encode.h"

static struct record_buffer payload;
static struct errmsg e;

static void
encode(unsigned n, const struct sample *before)
{
	const struct record_basis basis = { .before = before, .conns = 100 };
	struct sample *s = recording_case_sample(n);

	payload.size = 0;
	ck_assert(record_encode(&payload, s, &basis));
	ck_assert(!payload.failed);
	sample_free(&s);
}

static struct sample *
decode(enum record_type type, const struct sample *before)
{
	return record_decode(type, payload.data, payload.size, before, &e);
}

/* Puts bytes in the place of others of the same number. */
static void
patch(const char *from, const char *to, size_t n)
{
	uint8_t *place = memmem(payload.data, payload.size, from, n);

	ck_assert_ptr_nonnull(place);
	memcpy(place, to, n);
}

TEST(unknown_sections_and_what_follows_are_passed_over)
{
	struct record_buffer section = { .data = NULL };
	struct sample *now, *before = recording_case_sample(4);
	struct sample *expected = recording_case_sample(5);

	encode(5, before);
	record_put_text(&section, "of a later release");
	record_put_section(&payload, (enum record_tag)100, &section);
	record_put_section(&payload, RECORD_SERVER, &section); /* empty */
	now = decode(RECORD_CHANGES, before);
	ck_assert_msg(now != NULL, "%s", e.text);
	recording_case_expect_equal(now, expected);
	sample_free(&now);
	sample_free(&before);
	sample_free(&expected);
	record_buffer_free(&section);
	record_buffer_free(&payload);
}

/* Histograms with other buckets are left out; all else is shown. */
TEST(other_buckets_are_left_out)
{
	struct sample *s, *next;

	encode(5, NULL);
	/* 4 slots, 1152 buckets, 5 bits; then 6. */
	patch("\x04\x80\x09\x05", "\x04\x80\x09\x06", 4);
	s = decode(RECORD_FULL, NULL);
	ck_assert_msg(s != NULL, "%s", e.text);
	ck_assert_ptr_null(sample_hist(s, 3));
	ck_assert_uint_eq(sample_total(s, 3), 4 * 5);
	ck_assert_uint_eq(sample_total(s, 0), 5 * (1 + 2 + 3));
	next = recording_case_sample(5);
	encode(6, next);
	sample_free(&next);
	next = decode(RECORD_CHANGES, s);
	ck_assert_msg(next != NULL, "%s", e.text);
	ck_assert_ptr_null(sample_hist(next, 3));
	ck_assert_uint_eq(sample_total(next, 3), 4 * 6);
	sample_free(&next);
	sample_free(&s);
	record_buffer_free(&payload);
}

/* A field of a kind that is not known here is a number. */
TEST(unknown_kind_is_a_number)
{
	struct sample *s;

	encode(5, NULL);
	patch("\4date\1e\3", "\4date\1e\x63", 8);
	s = decode(RECORD_FULL, NULL);
	ck_assert_msg(s != NULL, "%s", e.text);
	ck_assert_uint_eq(sample_field(s, 4)->kind, STATS_KIND_GAUGE);
	ck_assert_uint_eq(sample_field(s, 4)->level, STATS_LEVEL_DETAIL);
	ck_assert_uint_eq(sample_value(s, 2, 4), UINT64_MAX);
	sample_free(&s);
	record_buffer_free(&payload);
}

/* Bytes of the payload, and what a liar puts there. */
static const struct {
	const char *from, *to;
	size_t n;
} lies[] = {
	{ "\x04\x80\x09\x05", "\x00\x80\x09\x05", 4 }, /* no slots */
	{ "\x04\x80\x09\x05", "\x03\x80\x09\x05", 4 }, /* too few */
	{ "\4date", "\4Date", 5 },
	{ "\4date", "\4da\nt", 5 },
	{ "\4date",
	    "\x7f"
	    "date",
	    5 },
	{ "\x04open\x01"
	  "c\x01",
	    "\x04open\x01"
	    "c\x02",
	    8 }, /* a histogram */
	{ "demo 1.0", "\xff\xff\xff\xff\xff\xff\xff\xff", 8 },
};

/* What cannot be is refused; words that cannot be shown are replaced. */
TEST_EACH(lies_are_refused_or_made_harmless, lies)
{
	struct sample *s;

	encode(5, NULL);
	patch(lies[_i].from, lies[_i].to, lies[_i].n);
	s = decode(RECORD_FULL, NULL);
	if (s == NULL)
		ck_assert_str_eq(
		    e.text, "damaged: what a sample says makes no sense");
	else if ((unsigned char)lies[_i].to[0] == 0xff)
		ck_assert_str_eq(sample_server(s)->program, "????????");
	else
		ck_assert_uint_eq(sample_field(s, 2)->kind, STATS_KIND_HIST);
	sample_free(&s);
	record_buffer_free(&payload);
}

TEST(changes_need_a_sample)
{
	struct sample *before = recording_case_sample(4);

	encode(5, before);
	ck_assert_ptr_null(decode(RECORD_CHANGES, NULL));
	ck_assert_str_eq(
	    e.text, "damaged: changes of a sample that is not there");
	sample_free(&before);
	record_buffer_free(&payload);
}

/* Cut anywhere, a payload is refused, and nothing behind it is read. */
TEST(cut_payloads_are_refused)
{
	struct sample *s;

	encode(5, NULL);
	for (size_t n = 0; n < payload.size; n++) {
		uint8_t *cut = malloc(n + 1);

		memcpy(cut, payload.data, n);
		s = record_decode(RECORD_FULL, cut, n, NULL, &e);
		/* Whole sections may be missing from its end. */
		ck_assert(s == NULL || n > 100);
		sample_free(&s);
		free(cut);
	}
	record_buffer_free(&payload);
}

SUITE("tools/record/decode")
