/* test_ticket: tickets in a ClientHello, of the library and forged. */
#include "common/tls/ticket.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/creds/ticket_keys.h"
#include "common/tls/hello.h"
#include "tests/support/raw_tls.h"
#include "tests/support/suite.h"
#include "tests/support/ticket.h"

enum {
	HELLO_MAX = 1 << 14,
	FUZZ_ROUNDS = 20000
};

static const char *const priorities[] = { RAW_TLS_13, RAW_TLS_12 };

static struct raw_tls r;
static struct raw_tls_kept kept;
static uint8_t master[TLS_TICKET_KEY_SIZE] = { 1, 2, 3 };
static gnutls_datum_t master_datum = { master, sizeof master };
static uint8_t hello[HELLO_MAX];
static size_t hello_size;
static struct tls_hello parsed;

static int
on_hello(gnutls_session_t session, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	(void)session;
	(void)type;
	(void)when;
	(void)incoming;
	ck_assert_uint_le(message->size, sizeof hello);
	memcpy(hello, message->data, message->size);
	hello_size = message->size;
	return 0;
}

static void
open_pair(const char *priority)
{
	raw_tls_open(&r, priority, 0);
	ck_assert_int_eq(gnutls_session_ticket_enable_server(
			     r.server.session, &master_datum),
	    0);
	gnutls_handshake_set_hook_function(r.server.session,
	    GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE, on_hello);
}

/* One handshake for a ticket, which is kept. */
static void
get_ticket(const char *priority)
{
	open_pair(priority);
	raw_tls_handshake(&r);
	raw_tls_keep(&r, &kept);
	raw_tls_close(&r);
}

/* And one that offers it. */
static void
offer_ticket(const char *priority)
{
	open_pair(priority);
	raw_tls_resume(&r, &kept);
	raw_tls_handshake(&r);
	ck_assert(raw_tls_is_resumed(&r));
	raw_tls_close(&r);
}

/* The parser sees its bytes in a block of their own: asan guards the ends. */
static const uint8_t *
parse(const uint8_t *bytes, size_t size, uint8_t **block)
{
	gnutls_datum_t message;

	*block = malloc(size > 0 ? size : 1);
	ck_assert_ptr_nonnull(*block);
	if (size > 0)
		memcpy(*block, bytes, size);
	message = (gnutls_datum_t){ *block, (unsigned)size };
	(void)tls_hello_read(&parsed, &message);
	return tls_ticket_offered(&parsed.ticket);
}

TEST_LOOP(first_hello_offers_nothing, 2)
{
	uint8_t *block;

	get_ticket(priorities[_i]);
	ck_assert_uint_gt(hello_size, 64);
	ck_assert_ptr_null(parse(hello, hello_size, &block));
	free(block);
	raw_tls_forget(&kept);
}

TEST_LOOP(second_hello_offers_the_ticket, 2)
{
	const uint8_t *name;
	uint8_t *block;

	get_ticket(priorities[_i]);
	offer_ticket(priorities[_i]);
	name = parse(hello, hello_size, &block);
	ck_assert_ptr_nonnull(name);
	ck_assert_mem_eq(name, kept.ticket, TLS_TICKET_NAME_SIZE);
	ck_assert(!parsed.ticket.is_mixed);
	free(block);
	raw_tls_forget(&kept);
}

/* Where the number of the version stands in a state that this library made. */
static uint8_t *
find_magic(uint8_t *state, size_t size)
{
	for (size_t i = 0; i + 4 <= size; i++)
		if (memcmp(state + i, "\xfa\xe1", 2) == 0)
			return state + i;
	ck_abort_msg("no magic number");
	return NULL;
}

/* GnuTLS 3.7.9 adds 0x030709 to 0xfadebadd. */
TEST_LOOP(made_by_another_version, 2)
{
	static uint8_t state[RAW_TLS_TICKET], forged[RAW_TLS_TICKET];
	struct tls_ticket_secrets secrets;
	uint8_t *magic;
	size_t size;

	get_ticket(priorities[_i]);
	tls_ticket_key_derive(&secrets, master, time(NULL));
	ck_assert(
	    !tls_ticket_is_of_other_version(kept.ticket, _i == 0, &secrets));
	size = ticket_open(state, kept.ticket, kept.ticket_size, &secrets);
	magic = find_magic(state, size);
	for (int change = -1; change <= 1; change++) {
		magic[3] = (uint8_t)(magic[3] + change);
		(void)ticket_seal(forged, state, size, &secrets);
		ck_assert_int_eq(
		    tls_ticket_is_of_other_version(forged, _i == 0, &secrets),
		    change != 0);
		magic[3] = (uint8_t)(magic[3] - change);
	}
	/* What is not like a session at all says nothing. */
	magic[0] = 0;
	(void)ticket_seal(forged, state, size, &secrets);
	ck_assert(!tls_ticket_is_of_other_version(forged, _i == 0, &secrets));
	(void)ticket_seal(forged, state, 16, &secrets);
	(void)tls_ticket_is_of_other_version(forged, _i == 0, &secrets);
	raw_tls_forget(&kept);
}

/* A ClientHello of nothing but identities of these sizes. */
static size_t
make_hello(uint8_t *to, const size_t sizes[], size_t count)
{
	uint8_t *at = to;
	size_t all = 0;

	for (size_t i = 0; i < count; i++)
		all += 2 + sizes[i] + 4;
	memset(at, 0, 35);                    /* random, no session id */
	memset(at, 3, 2);                     /* legacy_version */
	memcpy(at + 35, "\0\2\x13\1\1\0", 6); /* a suite, no compression */
	at += 41;
	*at++ = (uint8_t)((all + 6) >> 8);
	*at++ = (uint8_t)(all + 6);
	*at++ = 0;
	*at++ = 41;
	*at++ = (uint8_t)((all + 2) >> 8);
	*at++ = (uint8_t)(all + 2);
	*at++ = (uint8_t)(all >> 8);
	*at++ = (uint8_t)all;
	for (size_t i = 0; i < count; i++) {
		size_t state = sizes[i] - TICKET_FRAME;

		*at++ = (uint8_t)(sizes[i] >> 8);
		*at++ = (uint8_t)sizes[i];
		memset(at, (int)i + 1, sizes[i] + 4);
		if (sizes[i] > TICKET_FRAME) {
			at[32] = (uint8_t)(state >> 8);
			at[33] = (uint8_t)state;
		}
		at += sizes[i] + 4;
	}
	return (size_t)(at - to);
}

TEST_LOOP(first_identity_that_fits, 7)
{
	static const struct {
		size_t sizes[4];
		size_t count;
		int first; /* -1: none */
	} cases[] = {
		{ { TICKET_FRAME + 16 }, 1, 0 },
		{ { TICKET_FRAME + 15 }, 1, -1 },
		{ { TICKET_FRAME }, 1, -1 },
		{ { 0, 1, 16, 53 }, 4, -1 },
		{ { 32, TICKET_FRAME + 17, TICKET_FRAME + 1024, 1 }, 4, 2 },
		{ { TICKET_FRAME + 32, TICKET_FRAME + 48 }, 2, 0 },
		{ { 0 }, 0, -1 },
	};
	const uint8_t *name;
	uint8_t *block;

	hello_size = make_hello(hello, cases[_i].sizes, cases[_i].count);
	name = parse(hello, hello_size, &block);
	ck_assert_int_eq(name != NULL, cases[_i].first >= 0);
	if (name != NULL)
		ck_assert_int_eq(name[0], cases[_i].first + 1);
	free(block);
}

/* The state's size and the identity's must agree to the byte. */
TEST_LOOP(state_of_another_size, 65)
{
	static const size_t size = TICKET_FRAME + 32;
	uint8_t *block;
	uint8_t *low;

	hello_size = make_hello(hello, &size, 1);
	low = hello + hello_size - 4 - 20 - 32 - 1;
	ck_assert_int_eq(*low, 32);
	*low = (uint8_t)_i;
	ck_assert_int_eq(parse(hello, hello_size, &block) != NULL, _i == 32);
	free(block);
}

/* Repeatable: the seed is the round of the case. */
static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static size_t
mutate(uint8_t *bytes, size_t size, uint32_t *random)
{
	unsigned changes = 1 + next_random(random) % 8;

	for (unsigned i = 0; i < changes; i++)
		bytes[next_random(random) % size] = next_random(random) % 4 == 0
		    ? 0xff
		    : (uint8_t)next_random(random);
	return next_random(random) % 3 == 0 ? next_random(random) % size : size;
}

/* Offers must lie within the message, whatever it is. */
static void
check_offer(const uint8_t *bytes, size_t size)
{
	uint8_t *block;
	const uint8_t *name = parse(bytes, size, &block);

	if (name != NULL) {
		ck_assert_uint_ge((uintptr_t)name, (uintptr_t)block);
		ck_assert_uint_lt(
		    (uintptr_t)name + TICKET_FRAME, (uintptr_t)block + size);
	}
	free(block);
}

TEST_LOOP(mutated_hellos, 2)
{
	static uint8_t mutant[HELLO_MAX];
	uint32_t random = (uint32_t)_i;

	get_ticket(priorities[_i]);
	offer_ticket(priorities[_i]);
	for (size_t size = 0; size <= hello_size; size++)
		check_offer(hello, size);
	for (int round = 0; round < FUZZ_ROUNDS; round++) {
		memcpy(mutant, hello, hello_size);
		check_offer(mutant, mutate(mutant, hello_size, &random));
	}
	raw_tls_forget(&kept);
}

SUITE("common/tls/ticket")
