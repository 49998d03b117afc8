/*
 * test_crl_scope: lists that say what they are about: which are taken, and for
 * which certificates they count.
 */
#include "common/x509/crl_scope.h"

#include <gnutls/gnutls.h>
#include <string.h>
#include <time.h>

#include "common/x509/crl.h"
#include "tests/support/crl_case.h"
#include "tests/support/suite.h"

static struct crl_case c;

/* An issuing distribution point, critical, of these members. */
#define POINT(size, members) \
	"\x30" size "\x06\x03\x55\x1d\x1c\x01\x01\xff" members

/* distributionPoint: fullName: URI "u:1", or "u:2" */
#define PLACE_1                    \
	"\xa0\x07\xa0\x05\x86\x03" \
	"u:1"
#define PLACE_2                    \
	"\xa0\x07\xa0\x05\x86\x03" \
	"u:2"
#define USERS "\x81\x01\xff"
#define CAS   "\x82\x01\xff"

#define AT_1       POINT("\x17", "\x04\x0d\x30\x0b" PLACE_1 "\x81\x00")
#define AT_1_ALONE POINT("\x15", "\x04\x0b\x30\x09" PLACE_1)
#define AT_2_ALONE POINT("\x15", "\x04\x0b\x30\x09" PLACE_2)
#define ONLY_USERS POINT("\x0f", "\x04\x05\x30\x03" USERS)
#define ONLY_CAS   POINT("\x0f", "\x04\x05\x30\x03" CAS)
#define NEITHER    POINT("\x12", "\x04\x08\x30\x06" USERS CAS)
#define REASONS    POINT("\x10", "\x04\x06\x30\x04\x83\x02\x01\x02")
#define INDIRECT   POINT("\x0f", "\x04\x05\x30\x03\x84\x01\xff")
#define DIRECT     POINT("\x0f", "\x04\x05\x30\x03\x84\x01\x00")
#define ATTRIBUTES POINT("\x0f", "\x04\x05\x30\x03\x85\x01\xff")
#define RELATIVE   POINT("\x10", "\x04\x06\x30\x04\xa0\x02\xa1\x00")
#define UNKNOWN    POINT("\x0f", "\x04\x05\x30\x03\x86\x01\xff")
#define CUT        POINT("\x0f", "\x04\x05\x30\x03\x84\x02\xff")

#define LIST(text_)                                 \
	{                                           \
		.number = 1, .extension = (text_),  \
		.extension_size = sizeof(text_) - 1 \
	}

static const struct {
	struct revocation_options options;
	const char *words; /* NULL: it is taken */
} lists[] = {
	{ LIST(AT_1_ALONE), NULL },
	{ LIST(ONLY_USERS), NULL },
	{ LIST(ONLY_CAS), NULL },
	{ LIST(DIRECT), NULL },
	{ LIST(REASONS), "is a list of some reasons for revocation only" },
	{ LIST(INDIRECT), "is an indirect list" },
	{ LIST(ATTRIBUTES), "is a list of attribute certificates only" },
	{ LIST(RELATIVE), "by a part of a name only" },
	{ LIST(NEITHER), "is malformed" },
	{ LIST(UNKNOWN), "is malformed" },
	{ LIST(CUT), "is malformed" },
	{ LIST(AT_1), NULL },
};

TEST_EACH(taken_or_refused, lists)
{
	crl_case_begin(&c);
	crl_case_write("f", &lists[_i].options, &c.root);
	if (lists[_i].words == NULL) {
		crl_case_expect(&c, NULL);
	} else {
		ck_assert_int_eq(tls_crl_build(&c.table,
				     (const char *[]){ "f" }, 1, &c.ca, &c.e),
		    -1);
		ck_assert_msg(
		    strstr(c.e.text, lists[_i].words) != NULL, "%s", c.e.text);
	}
	crl_case_end(&c);
}

static void
at_1(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(gnutls_x509_crt_set_crl_dist_points2(
			     crt, GNUTLS_SAN_URI, "u:1", 3, 0),
	    0);
}

static void
at_1_and_2(gnutls_x509_crt_t crt)
{
	at_1(crt);
	ck_assert_int_eq(gnutls_x509_crt_set_crl_dist_points2(
			     crt, GNUTLS_SAN_URI, "u:2", 3, 0),
	    0);
}

#define USER(adorn_)                                                 \
	{                                                            \
		.name = "leaf", .purpose = GNUTLS_KP_TLS_WWW_CLIENT, \
		.adorn = (adorn_)                                    \
	}
#define AUTHORITY                \
	{                        \
		.name = "middle" \
	}

static const struct {
	struct revocation_options list;
	struct pki_options of;
	enum tls_crl_answer answer;
} answers[] = {
	{ LIST(ONLY_USERS), USER(NULL), TLS_CRL_GOOD },
	{ LIST(ONLY_USERS), AUTHORITY, TLS_CRL_NO_LIST },
	{ LIST(ONLY_CAS), USER(NULL), TLS_CRL_NO_LIST },
	{ LIST(ONLY_CAS), AUTHORITY, TLS_CRL_GOOD },
	{ LIST(DIRECT), USER(NULL), TLS_CRL_GOOD },
	{ LIST(DIRECT), AUTHORITY, TLS_CRL_GOOD },
	{ LIST(AT_1_ALONE), USER(NULL), TLS_CRL_GOOD },
	{ LIST(AT_1_ALONE), USER(at_1), TLS_CRL_GOOD },
	{ LIST(AT_1_ALONE), USER(at_1_and_2), TLS_CRL_GOOD },
	{ LIST(AT_2_ALONE), USER(at_1_and_2), TLS_CRL_GOOD },
	{ LIST(AT_2_ALONE), USER(at_1), TLS_CRL_NO_LIST },
	{ LIST(DIRECT), USER(at_1), TLS_CRL_GOOD },
};

TEST_EACH(answer, answers)
{
	struct tls_crl *crl;
	struct pki of;

	crl_case_begin(&c);
	pki_make(&of, &answers[_i].of, &c.root);
	crl_case_write("f", &answers[_i].list, &c.root);
	crl_case_build(&c, (const char *[]){ "f" }, 1);
	ck_assert_int_eq(
	    tls_crl_open(&crl, c.table.data, c.table.size, &c.e), 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, of.crt, time(NULL)), answers[_i].answer);
	tls_crl_close(&crl);
	pki_free(&of);
	crl_case_end(&c);
}

static void
set_serial(gnutls_x509_crt_t crt)
{
	at_1(crt);
	ck_assert_int_eq(gnutls_x509_crt_set_serial(crt, "\x7a", 1), 0);
}

/* Whoever is on a list is revoked, whatever the list is about. */
TEST(an_entry_counts_anyway)
{
	const struct pki_options options = USER(set_serial);
	const struct revocation_options list = { .number = 1,
		.extension = AT_2_ALONE,
		.extension_size = sizeof AT_2_ALONE - 1,
		REVOCATION_SERIALS("\x7a", 1) };
	struct tls_crl *crl;
	struct pki of;

	crl_case_begin(&c);
	pki_make(&of, &options, &c.root);
	crl_case_write("f", &list, &c.root);
	crl_case_build(&c, (const char *[]){ "f" }, 1);
	ck_assert_int_eq(
	    tls_crl_open(&crl, c.table.data, c.table.size, &c.e), 0);
	ck_assert_int_eq(
	    tls_crl_check(crl, of.crt, time(NULL)), TLS_CRL_REVOKED);
	tls_crl_close(&crl);
	pki_free(&of);
	crl_case_end(&c);
}

/* Two of one key that are about different certificates count together. */
TEST(scopes_are_no_rivals)
{
	const struct revocation_options users = LIST(ONLY_USERS);
	const struct revocation_options authorities = LIST(ONLY_CAS);

	crl_case_begin(&c);
	crl_case_write("users", &users, &c.root);
	crl_case_write("authorities", &authorities, &c.root);
	crl_case_build(
	    &c, (const char *[]){ "users", "authorities", "users" }, 3);
	ck_assert_uint_eq(crl_case_lists(&c), 2);
	crl_case_end(&c);
}

SUITE("common/x509/crl_scope")
