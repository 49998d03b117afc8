/*
 * test_fuzz: whatever comes in, a session says FAIL or AGAIN. Run it under
 * MODE=asan, too. The seeds are fixed, so that a failure can be repeated.
 */
#include <stdlib.h>
#include <string.h>

#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	ROUNDS = 400,
	STEPS_MAX = 40,
	LIMIT_S = 60,
	HEADER = 5,
};

static struct tls_pair p;
static struct mutual m;

static unsigned
draw(unsigned limit)
{
	return (unsigned)rand() % limit;
}

static void
setup(int version)
{
	srand(4433 + (unsigned)version);
	mutual_init_with_tickets(&m, mutual_priorities[version]);
}

/* Turns 1 to 3 bits over in what waits for a side. */
static bool
flip_bits(struct tls_pair_side *side)
{
	size_t n = side->end - side->begin;

	if (n == 0)
		return false;
	for (unsigned i = draw(3) + 1; i > 0; i--)
		side->inbox[side->begin + draw((unsigned)n)] ^=
		    (uint8_t)(1 << draw(8));
	return true;
}

/* Puts noise behind or in place of what waits for a side. */
static bool
add_noise(struct tls_pair_side *side)
{
	unsigned n = 1 + draw(600);

	if (draw(2) == 0)
		side->end = side->begin;
	for (unsigned i = 0; i < n; i++)
		side->inbox[side->end++] = (uint8_t)rand();
	/* Often with a header that promises a record. */
	if (draw(2) == 0 && n > 5) {
		uint8_t *record = side->inbox + side->end - n;

		record[0] = (uint8_t)(20 + draw(5));
		record[1] = 3;
		record[2] = (uint8_t)draw(5);
		record[3] = (uint8_t)draw(70);
	}
	return true;
}

/* Leaves a piece of it out. */
static bool
cut(struct tls_pair_side *side)
{
	unsigned n = (unsigned)(side->end - side->begin);

	if (n < 2)
		return false;
	side->begin += 1 + draw(n - 1);
	return true;
}

static bool (*const attacks[])(
    struct tls_pair_side *side) = { flip_bits, add_noise, cut };

static void
talk(struct tls_pair_side *side)
{
	static const uint8_t words[3000] = { 1, 2, 3 };
	uint64_t records;

	if (side->established && side->result == TLS_AGAIN)
		(void)tls_write(side->tls, words, draw(sizeof words), &records);
}

/* A talk of both, which is attacked once, after so many steps. */
static void
run_attacked(unsigned when)
{
	struct tls_pair_side *const sides[] = { &p.client, &p.server };
	bool attacked = false;

	for (unsigned i = 0; i < STEPS_MAX; i++) {
		struct tls_pair_side *side = sides[i % 2];

		if (i >= when && !attacked)
			attacked = attacks[draw(3)](side);
		tls_pair_step(side, 1 + draw(4000));
		talk(side);
	}
	/* What says FAIL has a cause, with words. */
	for (int i = 0; i < 2; i++)
		if (sides[i]->result == TLS_FAIL)
			ck_assert_str_ne(
			    close_reason_text(tls_reason(sides[i]->tls)), "");
}

TEST_WITH(attacked_at_any_point, .limit_s = LIMIT_S, .loops = MUTUAL_VERSIONS)
{
	unsigned failed = 0;

	setup(_i);
	for (unsigned i = 0; i < ROUNDS; i++) {
		tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
		run_attacked(draw(STEPS_MAX));
		failed +=
		    p.client.result == TLS_FAIL || p.server.result == TLS_FAIL;
		tls_pair_close(&p);
	}
	/* Bytes that were changed do not pass unnoticed (some only wait). */
	ck_assert_uint_gt(failed, ROUNDS / 2);
	mutual_fini(&m);
}

/* Noise alone, to a session that has heard nothing else. */
TEST_WITH(noise_from_the_start, .limit_s = LIMIT_S, .loops = MUTUAL_VERSIONS)
{
	setup(_i);
	for (unsigned i = 0; i < 4 * ROUNDS; i++) {
		tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
		tls_pair_step(&p.client, 0);
		p.server.begin = p.server.end;
		add_noise(&p.server);
		add_noise(&p.client);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		tls_pair_step(&p.client, TLS_PAIR_SIZE);
		ck_assert(!p.server.established);
		ck_assert(!p.client.established);
		tls_pair_close(&p);
	}
	mutual_fini(&m);
}

/* After a flipped bit in an open session, no more data comes out of it. */
TEST_WITH(no_data_after_a_flip, .limit_s = LIMIT_S, .loops = MUTUAL_SUITES)
{
	uint8_t *byte;

	setup(_i);
	for (unsigned i = 0; i < ROUNDS / 2; i++) {
		tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
		tls_pair_handshake(&p, TLS_PAIR_SIZE);
		tls_pair_write(&p.client, "12345678", 8);
		/* The version in a header is to be ignored (RFC 8446, 5.1). */
		byte = p.server.inbox + p.server.begin + HEADER +
		    draw((unsigned)(p.server.end - p.server.begin) - HEADER);
		*byte ^= (uint8_t)(1 << draw(8));
		tls_pair_write(&p.client, "12345678", 8);
		tls_pair_run(&p, TLS_PAIR_SIZE);
		ck_assert_uint_eq(p.server.got_size, 0);
		tls_pair_close(&p);
	}
	mutual_fini(&m);
}

SUITE("common/tls/fuzz")
