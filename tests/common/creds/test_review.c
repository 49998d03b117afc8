/* test_review: what is odd about credentials, and what they come to. */
#include "common/creds/review.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/pki.h"
#include "tests/support/suite.h"

enum {
	LINES = 16
};

static struct pki root, own, second;
static char lines[LINES][1024];
static unsigned count;

static void
keep(void *owner, const char *text)
{
	ck_assert_ptr_eq(owner, &count);
	ck_assert_uint_lt(count, LINES);
	(void)snprintf(lines[count++], sizeof lines[0], "%s", text);
}

static void
no_signing(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_CRL_SIGN), 0);
}

#define PAST   .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S
#define FUTURE .from_s = PKI_DAY_S, .until_s = 2 * PKI_DAY_S
#define SERVER .name = "localhost", .purpose = GNUTLS_KP_TLS_WWW_SERVER
#define CLIENT .name = "alice", .purpose = GNUTLS_KP_TLS_WWW_CLIENT

static const struct {
	enum tls_role role;
	struct pki_options own, root;
	const char *warnings[2];
} cases[] = {
	{ TLS_SERVER, { SERVER }, { .name = "second" }, { NULL } },
	{ TLS_SERVER, { .name = "localhost", .purpose = GNUTLS_KP_ANY },
	    { .name = "second" }, { NULL } },
	{ TLS_SERVER, { .name = "localhost", .purpose = "" },
	    { .name = "second" }, { NULL } },
	{ TLS_CLIENT, { CLIENT }, { .name = "second" }, { NULL } },
	{ TLS_SERVER, { CLIENT }, { .name = "second" },
	    { "certificate CN=alice: is for client, not for servers: clients "
	      "refuse it" } },
	{ TLS_CLIENT, { SERVER }, { .name = "second" },
	    { "certificate CN=localhost: is for server, not for clients: "
	      "servers refuse it" } },
	{ TLS_SERVER, { SERVER, FUTURE }, { .name = "second" },
	    { "certificate CN=localhost: is not valid before 20" } },
	{ TLS_SERVER, { SERVER }, { .name = "second", PAST },
	    { "--ca CN=second: expired on 20" } },
	{ TLS_SERVER, { SERVER }, { .name = "second", FUTURE },
	    { "--ca CN=second: is not valid before 20" } },
	{ TLS_SERVER, { SERVER }, { .name = "second", .adorn = no_signing },
	    { "--ca CN=second: may not sign certificates" } },
	{ TLS_SERVER, { SERVER }, { SERVER, PAST },
	    { "--ca CN=localhost: is not an authority's: it lets in nobody but "
	      "itself",
		"--ca CN=localhost: expired on 20" } },
};

TEST_EACH(warnings, cases)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;
	unsigned i = 0;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&own, &cases[_i].own, &root);
	pki_make(&second, &cases[_i].root, NULL);
	pki_bundle(&bundle, &own, &root);
	pki_append_cert(&bundle.ca, &second);
	creds = pki_creds_of(&bundle, cases[_i].role, TLS_PRIORITY_DEFAULT);
	tls_review(creds, TLS_REVIEW_WARNINGS, keep, &count);
	for (; i < 2 && cases[_i].warnings[i] != NULL; i++) {
		ck_assert_uint_gt(count, i);
		ck_assert_msg(strncmp(lines[i], cases[_i].warnings[i],
				  strlen(cases[_i].warnings[i])) == 0,
		    "%s", lines[i]);
	}
	ck_assert_uint_eq(count, i);
	tls_creds_unref(&creds);
	tls_bundle_free(&bundle);
	pki_free(&second);
	pki_free(&own);
	pki_free(&root);
}

/* A file with many old roots does not fill the log. */
TEST(not_too_many)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	struct tls_creds *creds;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&own, &(struct pki_options){ SERVER }, &root);
	pki_bundle(&bundle, &own, &root);
	for (int i = 0; i < 10; i++) {
		char name[] = "old 0";

		name[4] = (char)('0' + i);
		pki_make(
		    &second, &(struct pki_options){ .name = name, PAST }, NULL);
		pki_append_cert(&bundle.ca, &second);
		pki_free(&second);
	}
	creds = pki_creds_of(&bundle, TLS_SERVER, TLS_PRIORITY_DEFAULT);
	tls_review(creds, TLS_REVIEW_WARNINGS, keep, &count);
	ck_assert_uint_eq(count, 9);
	ck_assert_str_eq(lines[8], "certificates: 2 more warnings like these");
	tls_creds_unref(&creds);
	tls_bundle_free(&bundle);
	pki_free(&own);
	pki_free(&root);
}

TEST(facts)
{
	struct tls_creds *creds;

	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&own, &(struct pki_options){ SERVER }, &root);
	creds = pki_creds(TLS_SERVER, &own, &root, TLS_PRIORITY_DEFAULT);
	tls_review(creds, TLS_REVIEW_FACTS, keep, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_ptr_eq(strstr(lines[0],
			     "certificate: CN=localhost, for server, of "
			     "DNS:localhost, until 20"),
	    lines[0]);
	ck_assert_ptr_eq(strstr(lines[1], "root: CN=root, until 20"), lines[1]);
	tls_creds_unref(&creds);
	pki_free(&own);
	pki_free(&root);
}

SUITE("common/creds/review")
