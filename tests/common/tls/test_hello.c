/* test_hello: what a ClientHello offers, and what cannot be read of it. */
#include "common/tls/hello.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

#define RANDOM_32 "01234567890123456789012345678901"
/* A session ID of 2 bytes, three suites, no compression. */
#define FIXED "\3\3" RANDOM_32 "\2ID\0\6\x13\1\x1a\x1a\xc0\x2b\1\0"

static struct tls_hello hello;

/* In a block of its own: asan guards the ends. */
static bool
parse(const char *bytes, size_t size)
{
	uint8_t *block = malloc(size > 0 ? size : 1);
	gnutls_datum_t message = { block, (unsigned)size };
	bool whole;

	ck_assert_ptr_nonnull(block);
	memcpy(block, bytes, size);
	whole = tls_hello_read(&hello, &message);
	free(block);
	return whole;
}

#define PARSE(bytes) parse((bytes), sizeof(bytes) - 1)

static void
expect(const struct tls_numbers *list, unsigned count, const uint16_t *numbers)
{
	ck_assert_uint_eq(list->count, count);
	for (unsigned i = 0; i < count; i++)
		ck_assert_uint_eq(list->of[i], numbers[i]);
}

#define EXPECT(list, ...)                                       \
	expect((list), sizeof((uint16_t[]){ __VA_ARGS__ }) / 2, \
	    (const uint16_t[]){ __VA_ARGS__ })

TEST(without_extensions)
{
	(void)PARSE(FIXED);
	EXPECT(&hello.versions, 0x0303);
	EXPECT(&hello.suites, 0x1301, 0x1a1a, 0xc02b);
	ck_assert_uint_eq(hello.groups.count, 0);
	ck_assert_uint_eq(hello.schemes.count, 0);
	ck_assert_str_eq(hello.name, "");
	ck_assert_str_eq(hello.alpn, "");
	ck_assert_uint_eq(hello.size, sizeof FIXED - 1);
}

TEST(with_extensions)
{
	ck_assert(PARSE(FIXED "\0\x3d"
			      "\0\0\0\x9\0\7\0\0\4Name"
			      "\0\xa\0\6\0\4\x11\xec\0\x1d"
			      "\0\xd\0\6\0\4\4\3\x8\4"
			      "\0\x10\0\x9\0\7\2h2\3foo"
			      "\0\x2b\0\5\4\3\4\3\3"
			      "\0\x1c\0\2\x40\0"));
	EXPECT(&hello.versions, 0x0304, 0x0303);
	EXPECT(&hello.groups, 0x11ec, 29);
	EXPECT(&hello.schemes, 0x0403, 0x0804);
	ck_assert_str_eq(hello.name, "Name");
	ck_assert_str_eq(hello.alpn, "h2,foo");
	ck_assert_uint_eq(hello.limits.record_size, 0x4000);
}

static const struct {
	uint16_t group;
	bool is_post_quantum;
} quantum[] = {
	{ 0x001d, false },
	{ 0x0200, true },
	{ 0x0203, false },
	{ 0x11ea, false },
	{ 0x11eb, true },
	{ 0x11ec, true },
	{ 0x11ed, true },
	{ 0x6399, true },
	{ 0xeaea, false },
};

TEST_EACH(post_quantum, quantum)
{
	hello =
	    (struct tls_hello){ .groups = { 2, { 29, quantum[_i].group } } };
	ck_assert_int_eq(
	    tls_hello_is_post_quantum(&hello), quantum[_i].is_post_quantum);
}

/* Vectors that are longer than what they are in, or empty. */
static const char *const broken[] = {
	"\0\x9\0\0\0\5\0\4\0\0\4",   /* name without its bytes */
	"\0\x6\0\0\0\2\0\0",         /* no name */
	"\0\x8\0\xa\0\4\0\x8\0\x1d", /* groups */
	"\0\x7\0\x10\0\3\0\1\7",     /* protocols */
	"\0\x6\0\x2b\0\2\6\3",       /* versions */
};

TEST(broken_extensions)
{
	static const size_t sizes[] = { 11, 8, 10, 9, 8 };
	char bytes[128];

	for (size_t i = 0; i < TEST_ROWS(broken); i++) {
		memcpy(bytes, FIXED, sizeof FIXED - 1);
		memcpy(bytes + sizeof FIXED - 1, broken[i], sizes[i]);
		(void)parse(bytes, sizeof FIXED - 1 + sizes[i]);
		ck_assert_str_eq(hello.name, "");
		ck_assert_str_eq(hello.alpn, "");
		ck_assert_uint_eq(hello.groups.count, 0);
	}
}

/* Cut at each byte; asan looks on. */
TEST(cut_off)
{
	static const char whole[] = FIXED "\0\x2b"
					  "\0\0\0\x9\0\7\0\0\4Name"
					  "\0\xa\0\6\0\4\x11\xec\0\x1d"
					  "\0\x10\0\x9\0\7\2h2\3foo"
					  "\0\x2b\0\3\2\3\4";

	for (size_t n = 0; n < sizeof whole; n++)
		(void)parse(whole, n);
}

/* Of a server that has the hybrid, P-256 and X25519, in this order. */
static const struct {
	uint16_t groups[3], version;
	bool wants;
} hybrids[] = {
	{ { 0x11ec, 29, 23 }, TLS_NUMBER_TLS13, true },
	{ { 0x0a0a, 0x11ec, 29 }, TLS_NUMBER_TLS13, true }, /* GREASE */
	{ { 0x11ed, 30, 0x11ec }, TLS_NUMBER_TLS13, true }, /* not its own */
	{ { 29, 0x11ec, 23 }, TLS_NUMBER_TLS13, false },
	{ { 29, 23, 30 }, TLS_NUMBER_TLS13, false },
	{ { 30, 31, 32 }, TLS_NUMBER_TLS13, false },
	{ { 0x11ec, 29, 23 }, TLS_NUMBER_TLS12, false },
};

TEST_EACH(wants_hybrid, hybrids)
{
	const struct tls_support own = {
		.versions = { 2, { TLS_NUMBER_TLS13, TLS_NUMBER_TLS12 } },
		.groups = { 3, { 0x11ec, 23, 29 } },
	};
	const struct tls_support old = {
		.versions = { 1, { TLS_NUMBER_TLS12 } },
		.groups = own.groups,
	};

	hello = (struct tls_hello){
		.versions = { 1, { hybrids[_i].version } },
		.groups = { .count = 3 },
	};
	memcpy(hello.groups.of, hybrids[_i].groups, sizeof hybrids[_i].groups);
	ck_assert_int_eq(
	    tls_hello_wants_hybrid(&hello, &own), hybrids[_i].wants);
	ck_assert(!tls_hello_wants_hybrid(&hello, &old));
}

SUITE("common/tls/hello")
