/* test_creds: credentials made of bundles, dates, references. */
#include "common/creds/creds.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/creds/priority.h"
#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	THREADS = 4,
	ROUNDS = 2000,
	DAY_S = 86400,
};

static struct mutual m;
static struct tls_pair p;

static void
new_fails(struct tls_bundle *bundle, const char *priority, const char *words)
{
	const struct tls_settings settings = {
		.role = TLS_SERVER, .priority = priority, .keylog_fd = -1
	};
	struct tls_creds *creds = NULL;
	struct errmsg e = { "" };

	ck_assert_int_eq(tls_creds_new(&creds, bundle, &settings, &e), -1);
	ck_assert_ptr_null(creds);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

/* The bundle, with what is named exchanged. */
static void
new_fails_with(const struct tls_bundle *b, const struct file_bytes *ca,
    const struct file_bytes *cert, const struct file_bytes *key,
    const char *words)
{
	struct tls_bundle mixed = *b;

	mixed.ca = *ca;
	mixed.key_pairs[0] = (struct tls_key_pair){ *cert, *key };
	new_fails(&mixed, TLS_PRIORITY_DEFAULT, words);
}

TEST(key_of_another_certificate)
{
	struct tls_bundle b = TLS_BUNDLE_INIT, other = TLS_BUNDLE_INIT;
	const struct tls_key_pair *own = &b.key_pairs[0];

	mutual_init(&m, MUTUAL_TLS13);
	pki_bundle(&b, &m.server, &m.root);
	pki_bundle(&other, &m.client, &m.root);
	new_fails_with(
	    &b, &b.ca, &own->cert, &other.key_pairs[0].key, "does not belong");
	/* The leaf has to come first. */
	new_fails_with(&b, &b.ca, &b.ca, &own->key, "does not belong");
	tls_bundle_free(&b);
	tls_bundle_free(&other);
	mutual_fini(&m);
}

TEST(parts_that_are_missing)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	const struct tls_key_pair *own = &b.key_pairs[0];
	struct file_bytes none = FILE_BYTES_INIT;

	mutual_init(&m, MUTUAL_TLS13);
	pki_bundle(&b, &m.server, &m.root);
	new_fails_with(&b, &none, &own->cert, &own->key, "CA");
	new_fails_with(&b, &own->key, &own->cert, &own->key, "CA");
	new_fails_with(&b, &b.ca, &none, &own->key, "certificate and key");
	new_fails_with(&b, &b.ca, &own->cert, &none, "certificate and key");
	new_fails(&b, "NORMAL:+NONSENSE", "'+NONSENSE'");
	tls_bundle_free(&b);
	mutual_fini(&m);
}

static void
may_only_decrypt(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_ENCIPHERMENT), 0);
}

/* A server may have such a one, for key exchange by RSA. */
TEST(client_that_may_not_sign)
{
	struct tls_settings settings = { .role = TLS_CLIENT,
		.priority = TLS_PRIORITY_DEFAULT,
		.keylog_fd = -1 };
	struct pki_options options = PKI_CLIENT("mute");
	struct tls_bundle b = TLS_BUNDLE_INIT;
	struct tls_creds *creds = NULL;
	struct errmsg e = { "" };
	struct pki root, mute;

	options.adorn = may_only_decrypt;
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&mute, &options, &root);
	pki_bundle(&b, &mute, &root);
	ck_assert_int_eq(tls_creds_new(&creds, &b, &settings, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "lacks digitalSignature"));
	settings.role = TLS_SERVER;
	ck_assert_int_eq(tls_creds_new(&creds, &b, &settings, &e), 0);
	tls_creds_unref(&creds);
	tls_bundle_free(&b);
	pki_free(&mute);
	pki_free(&root);
}

TEST_LOOP(dates, 6)
{
	static const struct {
		int64_t from_s, until_s;
		const char *words;
	} cases[] = {
		{ -DAY_S, DAY_S, NULL },
		{ -DAY_S, 60, NULL },
		{ -60, DAY_S, NULL },
		{ -2 * DAY_S, -DAY_S, "expired on 20" },
		{ -DAY_S, -1, "expired on 20" },
		{ 60, DAY_S, "not valid before 20" },
	};
	struct tls_creds *creds;
	struct errmsg e = { "" };
	struct pki root, leaf;
	unsigned which;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf,
	    &(struct pki_options){ .name = "localhost",
		.purpose = GNUTLS_KP_TLS_WWW_SERVER,
		.from_s = cases[_i].from_s,
		.until_s = cases[_i].until_s },
	    &root);
	creds = pki_creds(TLS_SERVER, &leaf, &root, TLS_PRIORITY_DEFAULT);
	ck_assert_int_eq(tls_creds_check_dates(creds, &which, &e),
	    cases[_i].words == NULL ? 0 : -1);
	if (cases[_i].words != NULL)
		ck_assert_msg(
		    strstr(e.text, cases[_i].words) != NULL, "%s", e.text);
	tls_creds_unref(&creds);
	pki_free(&leaf);
	pki_free(&root);
}

/* A reload drops the old ones while a session still has them. */
TEST(session_outlives_the_reload)
{
	struct tls_creds *ours;

	mutual_init(&m, MUTUAL_TLS13);
	ours = tls_creds_ref(m.server_creds);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_step(&p.client, 0);
	tls_pair_step(
	    &p.server, TLS_PAIR_SIZE); /* in the middle of the handshake */
	tls_creds_unref(&m.server_creds);
	ck_assert_ptr_null(m.server_creds);
	tls_creds_unref(&m.client_creds);
	ck_assert_int_eq(ours->references, 2);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.got_size, 5);
	tls_pair_close(&p);
	ck_assert_int_eq(ours->references, 1);
	tls_creds_unref(&ours);
	tls_creds_unref(&ours);
	mutual_fini(&m);
}

static void *
take_and_drop(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct tls_creds *mine = tls_creds_ref(arg);
		struct tls tls;
		bool used = i % 10 == 0 && tls_init(&tls, mine, NULL) == 0;

		tls_creds_unref(&mine);
		if (used)
			tls_fini(&tls);
	}
	return NULL;
}

TEST(references_across_threads)
{
	pthread_t threads[THREADS];

	mutual_init_with_tickets(&m, MUTUAL_TLS13);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
				     take_and_drop, m.server_creds),
		    0);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	ck_assert_int_eq(m.server_creds->references, 1);
	mutual_fini(&m);
}

TEST(key_log_is_forgotten)
{
	ck_assert_int_eq(unsetenv("SSLKEYLOGFILE"), 0);
	ck_assert(!tls_forget_keylog());
	ck_assert_int_eq(setenv("SSLKEYLOGFILE", "/tmp/never", 1), 0);
	ck_assert(tls_forget_keylog());
	ck_assert_ptr_null(getenv("SSLKEYLOGFILE"));
	ck_assert_ptr_nonnull(strstr(tls_version_text(), "GnuTLS 3."));
}

SUITE("common/creds/creds")
