/*
 * Dates of certificates and revocation lists: shown as gauges, warned of while
 * there is time, and what follows when they have passed.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/utc.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"

static struct odd_certs odd;
static struct server server;

/* A server's certificate that ends so many seconds from now. */
static uint64_t
make_server(const char *name, int64_t until_s)
{
	struct pki_options options = PKI_SERVER("localhost");
	struct pki leaf;
	char path[64];
	uint64_t end_s;

	options.from_s = -PKI_DAY_S;
	options.until_s = until_s;
	pki_make(&leaf, &options, &odd.root);
	end_s = (uint64_t)gnutls_x509_crt_get_expiration_time(leaf.crt);
	(void)snprintf(path, sizeof path, "%s.pem", name);
	pki_file_write_chain(path, (const struct pki *[]){ &leaf }, 1);
	(void)snprintf(path, sizeof path, "%s.key", name);
	pki_file_write_key(path, &leaf);
	pki_free(&leaf);
	return end_s;
}

static uint64_t
date_of(time_t (*get)(gnutls_x509_crl_t crl))
{
	gnutls_x509_crl_t crl;
	gnutls_datum_t pem;
	uint64_t date_s;

	ck_assert_int_eq(gnutls_load_file("odd.crl", &pem), 0);
	ck_assert_int_eq(gnutls_x509_crl_init(&crl), 0);
	ck_assert_int_eq(
	    gnutls_x509_crl_import(crl, &pem, GNUTLS_X509_FMT_PEM), 0);
	date_s = (uint64_t)get(crl);
	gnutls_x509_crl_deinit(crl);
	gnutls_free(pem.data);
	return date_s;
}

static uint64_t
this_update(void)
{
	return date_of(gnutls_x509_crl_get_this_update);
}

static uint64_t
next_update(void)
{
	return date_of(gnutls_x509_crl_get_next_update);
}

static void
expect_gauges(uint64_t not_after_s, uint64_t next_update_s, uint64_t entries)
{
	ck_assert_uint_eq(
	    server_master_value(&server, "certificate_not_after"), not_after_s);
	ck_assert_uint_eq(
	    server_master_value(&server, "crl_next_update"), next_update_s);
	ck_assert_uint_eq(
	    server_master_value(&server, "crl_this_update"), this_update());
	ck_assert_uint_eq(server_master_value(&server, "crl_entries"), entries);
}

/* Of two certificates the one that ends first, wherever it stands. */
START_TEST(gauges)
{
	uint64_t first_s, second_s;

	odd_certs_make(&odd, odd_certs_revoked, &odd_certs_alice);
	first_s = make_server("first", 100 * PKI_DAY_S);
	second_s = make_server("second", 40 * PKI_DAY_S);
	server_start(&server, "--ca", "odd-ca.pem", "--cert", "first.pem",
	    "--key", "first.key", "--cert", "second.pem", "--key", "second.key",
	    "--crl", "odd.crl", NULL);
	expect_gauges(second_s, next_update(), 1);
	odd_certs_write_crl(&odd, 2, 10 * PKI_DAY_S, NULL);
	(void)make_server("second", 150 * PKI_DAY_S);
	server_reload(&server);
	expect_gauges(first_s, next_update(), 0);
	odd_certs_free(&odd);
	server_stop_idle(&server);
}
END_TEST

/* No list, and nothing to be warned of. */
START_TEST(gauges_without)
{
	server_start(&server, NULL);
	ck_assert_uint_eq(server_total(&server, "crl_next_update"), 0);
	ck_assert_uint_eq(server_total(&server, "crl_this_update"), 0);
	ck_assert_uint_eq(server_total(&server, "crl_entries"), 0);
	server_stop_idle(&server);
	ck_assert(!spawn_said(&server.process, " warn "));
}
END_TEST

/* The ends of certificate and list, and what is said; NULL: no warning. */
static const struct {
	int64_t certificate_s, list_s;
	const char *words;
} ends[] = {
	{ 31 * PKI_DAY_S, 2 * PKI_DAY_S, NULL },
	{ 30 * PKI_DAY_S - PKI_HOUR_S, 2 * PKI_DAY_S,
	    "brief.pem: the certificate expires on " },
	{ 3 * PKI_DAY_S - PKI_HOUR_S, 2 * PKI_DAY_S, "in less than 3 days" },
	{ PKI_HOUR_S, 2 * PKI_DAY_S, "in less than 1 day" },
	{ -PKI_HOUR_S, 2 * PKI_DAY_S,
	    "brief.pem: the certificate expired on " },
	{ 31 * PKI_DAY_S, PKI_DAY_S - PKI_HOUR_S,
	    "CRL of CN=root: the next update is due on " },
	{ 31 * PKI_DAY_S, -PKI_HOUR_S,
	    "CRL of CN=root: the next update was due on " },
};

START_TEST(warning)
{
	char line[128] = "";
	char date[UTC_TEXT];
	time_t end_s;

	odd_certs_make(&odd, odd_certs_nothing, NULL);
	odd_certs_write_crl(&odd, 1, ends[_i].list_s, NULL);
	end_s = (time_t)make_server("brief", ends[_i].certificate_s);
	server_start(&server, "--ca", "odd-ca.pem", "--cert", "brief.pem",
	    "--key", "brief.key", "--crl", "odd.crl", NULL);
	odd_certs_free(&odd);
	server_stop_idle(&server);
	ck_assert(
	    spawn_said(&server.process, " warn ") == (ends[_i].words != NULL));
	if (ends[_i].words == NULL)
		return;
	ck_assert(spawn_said(&server.process, ends[_i].words));
	if (ends[_i].certificate_s > 30 * PKI_DAY_S)
		end_s = (time_t)next_update();
	(void)snprintf(line, sizeof line, " on %s", utc_format(end_s, date));
	ck_assert_msg(spawn_said(&server.process, line), "no '%s' in:\n%s",
	    line, server.process.text);
}
END_TEST

static void
expect_no_crl(int version)
{
	for (uint64_t i = 1; i <= 2; i++) {
		ck_assert_int_eq(
		    resume_refusal(NULL, server.port, "odd", version),
		    GNUTLS_A_CERTIFICATE_UNKNOWN);
		server_expect_failures(&server, "handshake_no_crl", i);
	}
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop_idle(&server);
}

START_TEST(required_list_outdated)
{
	odd_certs_make(&odd, odd_certs_of_root, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, -PKI_HOUR_S, NULL);
	server_start(&server, "--ca", "odd-ca.pem", "--crl", "odd.crl",
	    "--crl-required", NULL);
	expect_no_crl(_i);
	odd_certs_free(&odd);
}
END_TEST

/* There is a list, but of another issuer. */
static void
start_with_list_of_another(const char *option)
{
	odd_certs_make(&odd, odd_certs_of_stranger, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, PKI_DAY_S, NULL);
	pki_file_write_chain("both-ca.pem",
	    (const struct pki *[]){ &odd.root, &odd.stranger }, 2);
	server_start(
	    &server, "--ca", "both-ca.pem", "--crl", "odd.crl", option, NULL);
}

START_TEST(required_list_missing)
{
	start_with_list_of_another("--crl-required");
	expect_no_crl(_i);
	odd_certs_free(&odd);
}
END_TEST

START_TEST(list_not_required)
{
	start_with_list_of_another(NULL);
	resume_echo(server.port, "odd", _i);
	server_stop_idle(&server);
	odd_certs_free(&odd);
}
END_TEST

/* A list that comes in time lets everyone in again. */
START_TEST(required_list_renewed)
{
	odd_certs_make(&odd, odd_certs_of_root, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, -PKI_HOUR_S, NULL);
	server_start(&server, "--ca", "odd-ca.pem", "--crl", "odd.crl",
	    "--crl-required", NULL);
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, NULL);
	server_reload(&server);
	resume_echo(server.port, "odd", _i);
	server_stop_clean(&server);
	odd_certs_free(&odd);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/dates");

	SUITE_ADD(s, gauges);
	SUITE_ADD(s, gauges_without);
	SUITE_ADD_LOOP(s, warning, sizeof ends / sizeof *ends);
	SUITE_ADD_LOOP(s, required_list_outdated, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, required_list_missing, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, list_not_required, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, required_list_renewed, RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
