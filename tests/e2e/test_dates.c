/*
 * Dates of certificates and revocation lists: shown as gauges, warned of while
 * there is time, and what follows when they have passed.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct odd_certs odd;
static struct server server;

/* A server's certificate that ends so many seconds from now. */
static int64_t
make_server(const char *name, int64_t until_s)
{
	struct pki_options options = PKI_SERVER("localhost");
	struct pki leaf;
	char path[64];
	int64_t end_s;

	options.from_s = -PKI_DAY_S;
	options.until_s = until_s;
	pki_make(&leaf, &options, &odd.root);
	end_s = (int64_t)gnutls_x509_crt_get_expiration_time(leaf.crt);
	(void)snprintf(path, sizeof path, "%s.pem", name);
	pki_file_write_chain(path, (const struct pki *[]){ &leaf }, 1);
	(void)snprintf(path, sizeof path, "%s.key", name);
	pki_file_write_key(path, &leaf);
	pki_free(&leaf);
	return end_s;
}

/* As tlsecho-stat -j writes it. */
static int64_t
gauge(const char *name)
{
	json_t *object;
	json_int_t value = -1;

	shell_expect(
	    0, name, "$TLSECHO_BUILD/tlsecho-stat -j -n %s", server.name);
	object = shell_json();
	ck_assert_int_eq(
	    json_unpack(object, "{s:{s:I}}", "counters", name, &value), 0);
	json_decref(object);
	return value;
}

static int64_t
next_update(void)
{
	gnutls_x509_crl_t crl;
	gnutls_datum_t pem;
	int64_t next_s;

	ck_assert_int_eq(gnutls_load_file("odd.crl", &pem), 0);
	ck_assert_int_eq(gnutls_x509_crl_init(&crl), 0);
	ck_assert_int_eq(
	    gnutls_x509_crl_import(crl, &pem, GNUTLS_X509_FMT_PEM), 0);
	next_s = (int64_t)gnutls_x509_crl_get_next_update(crl);
	gnutls_x509_crl_deinit(crl);
	gnutls_free(pem.data);
	return next_s;
}

START_TEST(gauges)
{
	int64_t first_s, second_s;

	odd_certs_make(&odd, odd_certs_revoked, &odd_certs_alice);
	first_s = make_server("first", 100 * PKI_DAY_S);
	second_s = make_server("second", 40 * PKI_DAY_S);
	server_start(&server, "--ca", "odd-ca.pem", "--cert", "first.pem",
	    "--key", "first.key", "--cert", "second.pem", "--key", "second.key",
	    "--crl", "odd.crl", NULL);
	ck_assert_int_eq(gauge("certificate_1_not_after"), first_s);
	ck_assert_int_eq(gauge("certificate_2_not_after"), second_s);
	ck_assert_int_eq(gauge("certificate_3_not_after"), 0);
	ck_assert_int_eq(gauge("crl_next_update"), next_update());
	ck_assert_int_eq(gauge("crl_entries"), 1);
	odd_certs_write_crl(&odd, 2, 10 * PKI_DAY_S, NULL);
	second_s = make_server("second", 50 * PKI_DAY_S);
	server_reload(&server);
	ck_assert_int_eq(gauge("certificate_2_not_after"), second_s);
	ck_assert_int_eq(gauge("crl_next_update"), next_update());
	ck_assert_int_eq(gauge("crl_entries"), 0);
	odd_certs_free(&odd);
	server_stop_idle(&server);
}
END_TEST

/* Nothing to show, nothing to be warned of. */
START_TEST(gauges_without)
{
	server_start(&server, NULL);
	ck_assert_int_eq(gauge("crl_next_update"), 0);
	ck_assert_int_eq(gauge("crl_entries"), 0);
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
	{ 30 * PKI_DAY_S - PKI_HOUR_S, 2 * PKI_DAY_S, "in less than 30 days" },
	{ 3 * PKI_DAY_S - PKI_HOUR_S, 2 * PKI_DAY_S, "in less than 3 days" },
	{ PKI_HOUR_S, 2 * PKI_DAY_S, "in less than 1 day" },
	{ 31 * PKI_DAY_S, PKI_DAY_S - PKI_HOUR_S,
	    "CRL of CN=root: its next update is on " },
	{ 31 * PKI_DAY_S, -PKI_HOUR_S,
	    "CRL of CN=root: its next update passed on " },
};

START_TEST(warning)
{
	char line[128] = "";
	char date[32];
	time_t end_s;
	struct tm utc;

	odd_certs_make(&odd, odd_certs_nothing, NULL);
	odd_certs_write_crl(&odd, 1, ends[_i].list_s, NULL);
	end_s = make_server("brief", ends[_i].certificate_s);
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
	(void)gmtime_r(&end_s, &utc);
	(void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
	(void)snprintf(line, sizeof line, " on %s", date);
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
