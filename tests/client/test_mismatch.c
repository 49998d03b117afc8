/* test_mismatch: where the wrong byte is, and what it is taken for. */
#include "client/mismatch.h"

#include <string.h>

#include "tests/support/suite.h"

static uint8_t message[100];
static uint8_t pool[200];
static struct mismatch m;
static struct mismatch_seen seen;

/* 100 bytes, all different, of which 20 have come back. */
static void
set_up(const void *got, size_t n)
{
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(128 + i);
	for (size_t i = 0; i < sizeof pool; i++)
		pool[i] = (uint8_t)(i * i + 3 * i + 1);
	seen = (struct mismatch_seen){ .message = message,
		.size = sizeof message,
		.sent = sizeof message,
		.echoed = 20,
		.got = got,
		.got_size = n,
		.pool = pool,
		.pool_size = sizeof pool };
	m = (struct mismatch){ .time_ns = 1 };
}

#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct {
	const char *got;
	size_t n;
	const char *looks_like;
} guesses[] = {
	{ BYTES("HTTP/1.1 400 Bad Request\r\n"), "an HTTP response" },
	{ BYTES("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"),
	    "a PROXY protocol header, version 1" },
	{ BYTES("\r\n\r\n\0\r\nQUIT\n\x21\x11"),
	    "a PROXY protocol header, version 2" },
	{ BYTES("SSH-2.0-OpenSSH_9.2\r\n"), "an SSH banner" },
	{ BYTES("220 mail.example.org ESMTP\r\n"), "an SMTP or FTP greeting" },
	{ BYTES("220-welcome\r\n"), "an SMTP or FTP greeting" },
	{ BYTES("* OK ready\r\n"), "an IMAP greeting" },
	{ BYTES("+OK ready\r\n"), "a POP3 greeting" },
	{ BYTES("554 go away\r\n"), "an SMTP or FTP greeting" },
	{ BYTES("-ERR unknown command\r\n"), "an error of Redis" },
	{ BYTES("<!DOCTYPE html>"), "a page of HTML" },
	{ BYTES("<?xml version='1.0'?>"), "XML, such as of an XMPP server" },
	{ BYTES("{\"subject\":\"CN=x\"}\n"),
	    "JSON, such as the greeting of --whoami" },
	{ BYTES("\x15\x03\x03\0\x02\x02\x28"), "a TLS alert in plain text" },
	{ BYTES("\x16\x03\x01\x02\0\x01\0"), "a TLS record in plain text" },
	{ BYTES("\0\0\x12\x04\0\0\0\0\0\0\x03"),
	    "the SETTINGS of an HTTP/2 server" },
	{ BYTES("J\0\0\0\n8.0.36\0"), "a greeting of MySQL or MariaDB" },
	{ BYTES("\0\0\0\0\0\0\0"), "zeros" },
	{ BYTES("hello, world\n"), "text" },
	{ BYTES("\1\2\3"), "" },
	{ BYTES("\x15\x03\x07\0\x02"), "" },
	{ BYTES("\x95"), "one bit that was flipped" },
	/* From byte 10 on, from byte 25 on, and of the pool. */
	{ BYTES("\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91"),
	    "what was sent 10 bytes earlier: a part came twice" },
	{ BYTES("\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1"),
	    "what was sent 5 bytes later: a part is missing" },
	{ BYTES("\1\5\x0b\x13\x1d\x29\x37\x47\x59"),
	    "a part of another message of this worker" },
};

TEST_EACH(guess, guesses)
{
	set_up(guesses[_i].got, guesses[_i].n);
	mismatch_fill(&m, &seen);
	ck_assert_str_eq(m.looks_like, guesses[_i].looks_like);
	ck_assert_uint_eq(m.message_offset, 20);
	ck_assert_uint_eq(m.lead, MISMATCH_LEAD);
}

/* Its first byte happens to be right. */
TEST(guess_from_the_start_of_the_record)
{
	set_up(BYTES("SSH-2.0-x\r\n"));
	message[20] = 'S';
	mismatch_fill(&m, &seen);
	ck_assert_str_eq(m.looks_like, "an SSH banner");
	ck_assert_uint_eq(m.message_offset, 21);
}

TEST(what_stands_around)
{
	set_up(BYTES("\x94\x95\x96\x17\x98"));
	mismatch_fill(&m, &seen);
	ck_assert_uint_eq(m.message_offset, 23);
	ck_assert_uint_eq(m.stream_offset, 23);
	ck_assert_uint_eq(m.message_size, 100);
	ck_assert_uint_eq(m.wanted_size, MISMATCH_BYTES);
	ck_assert_mem_eq(m.wanted, message + 15, MISMATCH_BYTES);
	ck_assert_uint_eq(m.got_size, 10);
	ck_assert_mem_eq(m.got, "\x8f\x90\x91\x92\x93\x94\x95\x96\x17\x98", 10);
	ck_assert_str_eq(m.looks_like, "one bit that was flipped");
}

/* The first byte of all, and the last. */
TEST(at_the_edges)
{
	set_up(BYTES("\1\2"));
	seen.echoed = 0;
	mismatch_fill(&m, &seen);
	ck_assert_uint_eq(m.lead, 0);
	ck_assert_uint_eq(m.got_size, 2);
	set_up(BYTES("\1"));
	seen.echoed = 99;
	mismatch_fill(&m, &seen);
	ck_assert_uint_eq(m.lead, MISMATCH_LEAD);
	ck_assert_uint_eq(m.wanted_size, MISMATCH_LEAD + 1);
	ck_assert_uint_eq(m.got_size, MISMATCH_LEAD + 1);
}

TEST(more_than_was_sent)
{
	set_up(BYTES("\1"));
	seen.sent = 20;
	mismatch_fill(&m, &seen);
	ck_assert_str_eq(m.looks_like, "more than was sent");
	seen = (struct mismatch_seen){ .got = seen.got, .got_size = 1 };
	mismatch_fill(&m, &seen);
	ck_assert_str_eq(m.looks_like, "more than was sent");
	ck_assert_uint_eq(m.message_size, 0);
	ck_assert_uint_eq(m.wanted_size, 0);
	ck_assert_uint_eq(m.got_size, 1);
}

SUITE("client/mismatch")
