/* Ticket key files; key names, against those that the library gives. */
#include "common/creds/ticket_keys.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/raw_tls.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

/* 64 bytes of 'A', of 'B'; 63 of 'A'; 64 of zero. */
#define KEY_A                                                      \
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" \
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ=="
#define KEY_B                                                      \
	"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC" \
	"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQg=="
#define SHORT_A                                                    \
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" \
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFB"
#define ZERO                                                       \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="

#define FILE_NAME "tickets"

static struct errmsg e;

static int
read_text(struct file_bytes *keys, const char *text)
{
	scratch_write(FILE_NAME, text);
	ck_assert_int_eq(chmod(FILE_NAME, 0600), 0);
	return tls_ticket_keys_read(keys, FILE_NAME, &e);
}

TEST_LOOP(good_files, 4)
{
	static const struct {
		const char *text, *letters;
	} cases[] = {
		{ KEY_A, "A" },
		{ KEY_A "\n", "A" },
		{ KEY_A "\r\n", "A" },
		{ "# tickets\n\n \t\n" KEY_B "\n  # old\n\t" KEY_A " \n",
		    "BA" },
	};
	struct file_bytes keys = FILE_BYTES_INIT;

	scratch_enter();
	ck_assert_msg(read_text(&keys, cases[_i].text) == 0, "%s", e.text);
	ck_assert_uint_eq(
	    keys.size, strlen(cases[_i].letters) * (size_t)TLS_TICKET_KEY_SIZE);
	for (size_t i = 0; i < keys.size; i++)
		ck_assert_int_eq(
		    keys.data[i], cases[_i].letters[i / TLS_TICKET_KEY_SIZE]);
	file_bytes_free(&keys);
	scratch_leave();
}

TEST_LOOP(bad_files, 9)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "",
		    "tickets: no keys: make one with tlsecho-certs "
		    "ticket-key" },
		{ "# none yet\n", "tickets: no keys: " },
		{ KEY_A "\n\n" KEY_A,
		    "tickets: line 3: the key of an earlier "
		    "line" },
		{ "#\n" ZERO, "tickets: line 2: a key that is all zero: make" },
		{ SHORT_A, "tickets: line 1: a key of 63 bytes, not 64: make" },
		{ KEY_A "\nQUFB\n", "tickets: line 2: a key of 3 bytes, not" },
		{ "secret!", "tickets: line 1: not a key in base64: make" },
		{ KEY_A " # old", "tickets: line 1: not a key in base64" },
		{ KEY_A KEY_B, "tickets: line 1: " },
	};
	struct file_bytes keys = FILE_BYTES_INIT;

	scratch_enter();
	ck_assert_int_eq(read_text(&keys, cases[_i].text), -1);
	ck_assert_msg(
	    strncmp(e.text, cases[_i].message, strlen(cases[_i].message)) == 0,
	    "%s", e.text);
	ck_assert_ptr_null(strstr(e.text, "QUFB"));
	ck_assert_ptr_null(keys.data);
	ck_assert_uint_eq(keys.size, 0);
	scratch_leave();
}

static void
write_keys(int count)
{
	FILE *out = fopen(FILE_NAME, "w");

	ck_assert_ptr_nonnull(out);
	for (int i = 1; i <= count; i++) {
		uint8_t key[TLS_TICKET_KEY_SIZE];
		gnutls_datum_t bytes = { key, sizeof key };
		gnutls_datum_t text;

		memset(key, i, sizeof key);
		ck_assert_int_eq(gnutls_base64_encode2(&bytes, &text), 0);
		fprintf(out, "%.*s\n", (int)text.size, text.data);
		gnutls_free(text.data);
	}
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(chmod(FILE_NAME, 0400), 0);
}

TEST(as_many_as_allowed)
{
	struct file_bytes keys = FILE_BYTES_INIT;

	scratch_enter();
	write_keys(TLS_TICKET_KEYS_MAX);
	ck_assert_int_eq(tls_ticket_keys_read(&keys, FILE_NAME, &e), 0);
	ck_assert_uint_eq(keys.size, 8 * 64);
	file_bytes_free(&keys);
	ck_assert_int_eq(remove(FILE_NAME), 0);
	write_keys(TLS_TICKET_KEYS_MAX + 1);
	ck_assert_int_eq(tls_ticket_keys_read(&keys, FILE_NAME, &e), -1);
	ck_assert_str_eq(e.text, "tickets: line 9: more than 8 keys");
	scratch_leave();
}

TEST(others_may_not_use_it)
{
	struct file_bytes keys = FILE_BYTES_INIT;

	scratch_enter();
	scratch_write(FILE_NAME, KEY_A);
	ck_assert_int_eq(chmod(FILE_NAME, 0604), 0);
	ck_assert_int_eq(tls_ticket_keys_read(&keys, FILE_NAME, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "(mode 604): chmod 6"));
	ck_assert_int_eq(tls_ticket_keys_read(&keys, "none", &e), -1);
	ck_assert_str_eq(e.text, "none: No such file or directory");
	ck_assert_int_eq(chmod(".", 0700), 0);
	ck_assert_int_eq(tls_ticket_keys_read(&keys, ".", &e), -1);
	ck_assert_str_eq(e.text, ".: is a directory");
	scratch_leave();
}

/* The first 16 bytes of a ticket that the library issues at that time. */
static void
library_name(const uint8_t key[static TLS_TICKET_KEY_SIZE], time_t unix_s,
    const char *priority, uint8_t name[static TLS_TICKET_NAME_SIZE])
{
	static struct raw_tls r;
	uint8_t copy[TLS_TICKET_KEY_SIZE];
	gnutls_datum_t datum = { copy, sizeof copy };

	memcpy(copy, key, sizeof copy);
	raw_tls_set_time(unix_s);
	raw_tls_open(&r, priority, 0);
	ck_assert_int_eq(
	    gnutls_session_ticket_enable_server(r.server.session, &datum), 0);
	raw_tls_handshake(&r);
	ck_assert_uint_ge(r.tickets, 1);
	memcpy(name, r.ticket, TLS_TICKET_NAME_SIZE);
	raw_tls_close(&r);
	raw_tls_set_time(0);
}

static const char *const priorities[] = { RAW_TLS_13, RAW_TLS_12 };

/* A time at which a period begins, not far from now. */
static time_t
a_boundary(void)
{
	return time(NULL) / TLS_TICKET_PERIOD_S * TLS_TICKET_PERIOD_S;
}

TEST_LOOP(name_is_that_of_the_library, 2)
{
	const time_t begin = a_boundary();
	const time_t times[] = { TLS_TICKET_PERIOD_S, begin - 1, begin,
		begin + TLS_TICKET_PERIOD_S - 1, begin + TLS_TICKET_PERIOD_S,
		time(NULL) };
	uint8_t key[TLS_TICKET_KEY_SIZE];
	struct tls_ticket_secrets ours;
	uint8_t theirs[TLS_TICKET_NAME_SIZE];

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		ck_assert_int_eq(
		    gnutls_rnd(GNUTLS_RND_NONCE, key, sizeof key), 0);
		library_name(key, times[i], priorities[_i], theirs);
		tls_ticket_key_derive(&ours, key, times[i]);
		ck_assert_mem_eq(ours.name, theirs, sizeof theirs);
	}
}

TEST_LOOP(find_the_key_of_a_name, 2)
{
	const time_t begin = a_boundary();
	struct file_bytes keys = FILE_BYTES_INIT;
	uint8_t name[TLS_TICKET_NAME_SIZE];

	scratch_enter();
	ck_assert_int_eq(read_text(&keys, KEY_A "\n" KEY_B), 0);
	for (int i = 0; i < 2; i++) {
		library_name(keys.data + i * TLS_TICKET_KEY_SIZE, begin,
		    priorities[_i], name);
		ck_assert_int_eq(
		    tls_ticket_keys_find(&keys, name, begin - 1), -1);
		ck_assert_int_eq(tls_ticket_keys_find(&keys, name, begin), i);
		ck_assert_int_eq(tls_ticket_keys_find(&keys, name,
				     begin + 2 * TLS_TICKET_PERIOD_S - 1),
		    i);
		ck_assert_int_eq(tls_ticket_keys_find(&keys, name,
				     begin + 2 * TLS_TICKET_PERIOD_S),
		    -1);
		name[TLS_TICKET_NAME_SIZE - 1] ^= 1;
		ck_assert_int_eq(tls_ticket_keys_find(&keys, name, begin), -1);
	}
	memset(name, 0, sizeof name);
	ck_assert_int_eq(tls_ticket_keys_find(&keys, name, begin), -1);
	file_bytes_free(&keys);
	ck_assert_int_eq(tls_ticket_keys_find(&keys, name, begin), -1);
	scratch_leave();
}

TEST(no_secret_of_a_foreign_name)
{
	static const struct tls_ticket_secrets zero;
	static const uint8_t key[TLS_TICKET_KEY_SIZE] = { 1 };
	struct tls_ticket_secrets secrets;
	uint8_t name[TLS_TICKET_NAME_SIZE];

	tls_ticket_key_derive(&secrets, key, a_boundary());
	memcpy(name, secrets.name, sizeof name);
	ck_assert(tls_ticket_key_is_of(&secrets, key, name, a_boundary()));
	ck_assert_mem_eq(secrets.name, name, sizeof name);
	ck_assert_mem_ne(&secrets, &zero, sizeof zero);
	name[0] ^= 1;
	ck_assert(!tls_ticket_key_is_of(&secrets, key, name, a_boundary()));
	ck_assert_mem_eq(&secrets, &zero, sizeof zero);
}

SUITE("common/creds/ticket_keys")
