/*
 * fuzz_records: an established session, and a peer who holds the keys and says
 * whatever the input makes it say: `make fuzz`.
 *
 * The first byte chooses the suite; each one after it is something to do, with
 * its arguments behind it. $ROLE is that of the session: server or client.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/tls_pair.h"

enum {
	ROOMS = 40, /* so that some are too small to seal in */
	WRITTEN_MAX = 3 * TLS_RECORD_MAX,
	FORGED_MAX = TLS_RECORD_MAX + 300,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct tls_pair p;
static struct tls_pair_side *side, *peer;
static struct tls_input todo;
static bool wrote_all; /* memory has never failed */
static bool said_last; /* a fatal alert, or close_notify */

static unsigned
take(void)
{
	if (todo.n == 0)
		return 0;
	todo.n--;
	return *todo.bytes++;
}

/* At most 255 bytes as they are, then zeros up to any size. */
static size_t
take_content(uint8_t to[static FORGED_MAX])
{
	size_t n = take(), size = take() & 1 ? 0 : take() << 8 | take();

	if (n > todo.n)
		n = todo.n;
	memcpy(to, todo.bytes, n);
	todo.bytes += n;
	todo.n -= n;
	size = size > FORGED_MAX ? FORGED_MAX : size;
	if (size < n)
		return n;
	memset(to + n, 0, size - n);
	return size;
}

/* What the session has said must be records, and after its last word none. */
static void
check_one(const uint8_t *record, size_t size)
{
	const uint8_t *content;
	size_t n;
	int type = tls_record_open(peer->tls, record, size, &content, &n);

	ASSERT(!said_last && n <= TLS_RECORD_MAX);
	switch (type) {
	case TLS_APPLICATION_DATA:
		ASSERT(n > 0);
		break;
	case TLS_HANDSHAKE: /* an update that asks for none */
		ASSERT(n == 5 && memcmp(content, "\x18\0\0\1\0", n) == 0);
		ASSERT(tls_key_update(peer->tls, TLS_IN));
		break;
	default:
		ASSERT(type == TLS_ALERT && n == 2);
		said_last = content[0] == GNUTLS_AL_FATAL ||
		    content[1] == GNUTLS_A_CLOSE_NOTIFY;
	}
}

static void
check_output(void)
{
	while (wrote_all && peer->begin < peer->end) {
		const uint8_t *record = peer->inbox + peer->begin;
		size_t size = tls_record_size(record);

		ASSERT(size <= peer->end - peer->begin);
		check_one(record, size);
		peer->begin += size;
	}
	peer->begin = peer->end = 0;
	side->got_size = 0;
	if (side->begin == side->end)
		side->begin = side->end = 0;
	/* Who fails says so, unless there is nobody, or it was told. */
	if (side->result == TLS_FAIL && wrote_all)
		ASSERT(said_last || tls_reason(side->tls) == REASON_PEER_ALERT);
}

static void
send_content(int type)
{
	static uint8_t content[FORGED_MAX + 1];
	size_t n = take_content(content);

	if (side->end + sizeof content + TLS_OVERHEAD_MAX >= TLS_PAIR_SIZE)
		return;
	if (!side->tls->is_tls13) {
		tls_pair_forge(peer, type, 0x0303, content, n);
		return;
	}
	content[n] = (uint8_t)type; /* and its padding is an input's zeros */
	tls_pair_forge(peer, TLS_APPLICATION_DATA, 0x0303, content, n + 1);
}

static void
send_raw(void)
{
	size_t n = take() % 64;

	while (n-- > 0 && side->end < TLS_PAIR_SIZE - 1)
		side->inbox[side->end++] = (uint8_t)take();
}

static void
update_key(void)
{
	const uint8_t message[] = { 24, 0, 0, 1, (uint8_t)(take() & 1) };

	if (side->end + 100 >= TLS_PAIR_SIZE || !side->tls->is_tls13)
		return;
	tls_pair_send(peer, TLS_HANDSHAKE, message, sizeof message);
	ASSERT(tls_key_update(peer->tls, TLS_OUT));
}

static void
write_data(void)
{
	static const uint8_t data[WRITTEN_MAX];
	size_t n = (take() << 8 | take()) % WRITTEN_MAX;
	uint64_t records;

	if (!side->tls->said_close_notify &&
	    tls_write(side->tls, data, n, &records) != TLS_OK)
		side->result = TLS_FAIL;
}

static void
refuse(void)
{
	tls_refuse(side->tls, REASON_REVOKED);
	side->result = TLS_FAIL;
}

static void
change_room(void)
{
	unsigned room = take() % (2 * ROOMS);

	side->room = room < ROOMS ? room : TLS_PAIR_SIZE;
	wrote_all = wrote_all && room > 0;
}

static void
do_something(void)
{
	switch (take() % 16) {
	case 0:
	case 1:
		send_content(TLS_HANDSHAKE);
		break;
	case 2:
		send_content(TLS_ALERT);
		break;
	case 3:
	case 4:
		send_content(TLS_APPLICATION_DATA);
		break;
	case 5:
		send_content((int)take());
		break;
	case 6:
		send_raw();
		break;
	case 7:
	case 8:
		update_key();
		break;
	case 9:
		write_data();
		break;
	case 10:
		(void)tls_rest(side->tls);
		break;
	case 11:
		tls_close_notify(side->tls);
		break;
	case 12:
		change_room();
		break;
	case 13:
		if (take() < 16)
			refuse();
		break;
	case 14:
		tls_pair_step(side, take());
		break;
	default:
		tls_pair_step(side, TLS_PAIR_SIZE);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *role = getenv("ROLE");

	todo = (struct tls_input){ .bytes = bytes, .n = n };
	wrote_all = true;
	said_last = false;
	tls_pair_establish(&p, (int)take() % MUTUAL_OURS);
	side =
	    role != NULL && strcmp(role, "client") == 0 ? &p.client : &p.server;
	peer = side->other;
	while (todo.n > 0 && side->result != TLS_FAIL) {
		do_something();
		check_output();
	}
	tls_pair_step(side, TLS_PAIR_SIZE);
	check_output();
	tls_pair_close(&p);
	return 0;
}
