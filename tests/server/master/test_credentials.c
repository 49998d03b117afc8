/* test_credentials: what the master accepts of key files, and seals. */
#include "server/master/credentials.h"

#include <string.h>
#include <unistd.h>

#include "common/creds/bundle.h"
#include "common/creds/priority.h"
#include "server/config.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct pki root, leaf;
static struct config config = {
	.files = { .cert = { "cert.pem" },
	    .key = { "key.pem" },
	    .ca = { "ca.pem" } },
	.tls = { .role = TLS_SERVER,
	    .priority = TLS_PRIORITY_DEFAULT,
	    .tickets = 2,
	    .keylog_fd = -1 },
};
static struct errmsg e;

static void
save(const char *path, const struct file_bytes *bytes)
{
	ck_assert_int_eq(file_write_atomically(
			     path, bytes->data, bytes->size, 0600, true, &e),
	    0);
}

static void
save_all(const struct pki *identity)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;

	pki_bundle(&b, identity, &root);
	save("ca.pem", &b.ca);
	save("cert.pem", &b.key_pairs[0].cert);
	save("key.pem", &b.key_pairs[0].key);
	tls_bundle_free(&b);
}

static void
setup(void)
{
	scratch_enter();
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	save_all(&leaf);
}

static void
teardown(void)
{
	pki_free(&leaf);
	pki_free(&root);
	scratch_leave();
}

/* A reload changes the certificate, and keeps the tickets. */
START_TEST(ticket_key_survives_a_reload)
{
	struct tls_bundle first = TLS_BUNDLE_INIT, second = TLS_BUNDLE_INIT;
	struct tls_bundle third = TLS_BUNDLE_INIT;
	struct credentials one, again, anew;

	setup();
	ck_assert_int_eq(credentials_load(&one, &config, -1, &e), 0);
	ck_assert_int_gt(one.dates.not_after_s[0], 0);
	ck_assert_int_eq(one.dates.not_after_s[1], 0);
	ck_assert_str_eq(one.dates.files[0], "cert.pem");
	pki_free(&leaf);
	pki_make(&leaf, &PKI_SERVER("localhost"), &root);
	save_all(&leaf);
	ck_assert_int_eq(credentials_load(&again, &config, one.fd, &e), 0);
	ck_assert_int_eq(credentials_load(&anew, &config, -1, &e), 0);
	ck_assert_int_eq(tls_bundle_open(&first, one.fd, &e), 0);
	ck_assert_int_eq(tls_bundle_open(&second, again.fd, &e), 0);
	ck_assert_int_eq(tls_bundle_open(&third, anew.fd, &e), 0);
	ck_assert_uint_gt(first.ticket_keys.size, 0);
	ck_assert_mem_eq(first.ticket_keys.data, second.ticket_keys.data,
	    first.ticket_keys.size);
	ck_assert_mem_ne(first.ticket_keys.data, third.ticket_keys.data,
	    first.ticket_keys.size);
	/* Keys are elsewhere, and others each time. */
	ck_assert_uint_eq(first.key_pairs[0].key.size, 0);
	ck_assert_uint_eq(first.keys_id, one.signer.keys_id);
	ck_assert_uint_lt(first.keys_id, second.keys_id);
	ck_assert_mem_ne(first.key_pairs[0].cert.data,
	    second.key_pairs[0].cert.data, first.key_pairs[0].cert.size);
	tls_bundle_free(&first);
	tls_bundle_free(&second);
	tls_bundle_free(&third);
	credentials_close(&one);
	credentials_close(&again);
	credentials_close(&anew);
	teardown();
}
END_TEST

/* A new program that gives tickets may follow one that gave none. */
START_TEST(ticket_key_after_none)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct config without = config;
	struct credentials one, next;

	setup();
	without.tls.tickets = 0;
	ck_assert_int_eq(credentials_load(&one, &without, -1, &e), 0);
	ck_assert_msg(
	    credentials_load(&next, &config, one.fd, &e) == 0, "%s", e.text);
	ck_assert_int_eq(tls_bundle_open(&b, next.fd, &e), 0);
	ck_assert_uint_gt(b.ticket_keys.size, 0);
	tls_bundle_free(&b);
	credentials_close(&one);
	credentials_close(&next);
	teardown();
}
END_TEST

static void
load_fails(const char *words)
{
	struct credentials refused;

	ck_assert_int_eq(credentials_load(&refused, &config, -1, &e), -1);
	ck_assert_int_eq(refused.fd, -1);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

START_TEST(bad_ones_are_refused)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct pki other;

	setup();
	/* One half of a renewal. */
	pki_make(&other, &PKI_SERVER("localhost"), &root);
	pki_bundle(&b, &other, &root);
	save("cert.pem", &b.key_pairs[0].cert);
	load_fails("cert.pem: the private key does not belong");
	tls_bundle_free(&b);
	pki_free(&other);

	ck_assert_int_eq(unlink("key.pem"), 0);
	load_fails("key.pem");
	teardown();
}
END_TEST

/* What clients have to refuse can be served; the date is told. */
START_TEST(expired_and_early_ones_are_taken)
{
	struct credentials taken;
	struct pki other;

	setup();
	for (int i = -1; i <= 1; i += 2) {
		pki_make(&other,
		    &(struct pki_options){ .name = "localhost",
			.purpose = GNUTLS_KP_TLS_WWW_SERVER,
			.from_s = i * 100 - 50,
			.until_s = i * 100 + 50 },
		    &root);
		save_all(&other);
		ck_assert_msg(credentials_load(&taken, &config, -1, &e) == 0,
		    "%s", e.text);
		ck_assert_int_eq(taken.dates.not_after_s[0],
		    gnutls_x509_crt_get_expiration_time(other.crt));
		credentials_close(&taken);
		pki_free(&other);
	}
	teardown();
}
END_TEST

/* All is in order, but no handshake can succeed. */
START_TEST(one_handshake_comes_first)
{
	struct config odd = config;
	struct credentials refused;

	setup();
	odd.tls.priority =
	    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256";
	ck_assert_int_eq(credentials_load(&refused, &odd, -1, &e), -1);
	ck_assert_ptr_eq(
	    strstr(e.text, "a handshake with these files, tried in TLS 1.3: "),
	    e.text);
	teardown();
}
END_TEST

/* A previous generation that cannot be read: no silent loss of tickets. */
START_TEST(previous_that_is_unusable)
{
	struct credentials refused;

	setup();
	ck_assert_int_eq(credentials_load(&refused, &config, 0, &e), -1);
	teardown();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/master/credentials");

	SUITE_ADD(s, ticket_key_survives_a_reload);
	SUITE_ADD(s, ticket_key_after_none);
	SUITE_ADD(s, bad_ones_are_refused);
	SUITE_ADD(s, expired_and_early_ones_are_taken);
	SUITE_ADD(s, one_handshake_comes_first);
	SUITE_ADD(s, previous_that_is_unusable);
	return suite_run(s, argc, argv);
}
