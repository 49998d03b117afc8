/*
 * Client certificates of all kinds: who is echoed to, and what the others are
 * told and counted as. For a reader,
 *
 *	ODD_CERTS_TABLE=1 build/release/tests/e2e/test_odd_certs
 *
 * prints what was seen as a table.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

/* The leaf is alice's, for clients, valid and of P-256 unless told. */
#define ALICE .name = "alice", .purpose = GNUTLS_KP_TLS_WWW_CLIENT

#define ECHOED .alerts = { TLSPEER_NO_ALERT, TLSPEER_NO_ALERT }
/* The same alert in TLS 1.3 and 1.2; or one for each. */
#define REFUSED(alert, name) \
	.alerts = { alert, alert }, .counters = { name, name }
#define REFUSED_AS(alert13, alert12, name) \
	.alerts = { alert13, alert12 }, .counters = { name, name }

struct odd_case {
	const char *name;
	struct pki_options leaf;
	odd_certs_kind *kind;
	const char *option, *value; /* the server's */
	int alerts[RESUME_VERSIONS];
	const char
	    *counters[RESUME_VERSIONS]; /* of a refusal; NULL: echoed to */
};

struct outcome {
	bool is_echoed;
	int alert;
	const char *counter; /* of the segment: until the server stops */
};

static const struct odd_case cases[] = {
	{ "RSA 2048", { ALICE, .key = PKI_RSA_2048 }, odd_certs_of_root,
	    ECHOED },
	{ "ECDSA P-256", { ALICE }, odd_certs_of_root, ECHOED },
	{ "Ed25519", { ALICE, .key = PKI_ED25519 }, odd_certs_of_root, ECHOED },
	{ "none", { ALICE }, odd_certs_nothing,
	    REFUSED_AS(GNUTLS_A_CERTIFICATE_REQUIRED,
		GNUTLS_A_HANDSHAKE_FAILURE, "handshake_no_certificate") },
	{ "unknown CA", { ALICE }, odd_certs_of_stranger,
	    REFUSED(GNUTLS_A_UNKNOWN_CA, "handshake_unknown_issuer") },
	{ "CA of the same name", { ALICE }, odd_certs_of_namesake,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_signature") },
	{ "self-signed", { ALICE }, odd_certs_self_signed,
	    REFUSED(GNUTLS_A_UNKNOWN_CA, "handshake_unknown_issuer") },
	{ "damaged signature", { ALICE }, odd_certs_damaged,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_signature") },
	{ "key of another", { ALICE }, odd_certs_with_key_of_another,
	    REFUSED(GNUTLS_A_DECRYPT_ERROR, "handshake_bad_signature") },
	{ "expired", { ALICE, .from_s = -2 * PKI_DAY_S, .until_s = -PKI_DAY_S },
	    odd_certs_of_root,
	    REFUSED(GNUTLS_A_CERTIFICATE_EXPIRED, "handshake_expired") },
	{ "not yet valid",
	    { ALICE, .from_s = PKI_DAY_S, .until_s = 2 * PKI_DAY_S },
	    odd_certs_of_root,
	    REFUSED(GNUTLS_A_CERTIFICATE_EXPIRED, "handshake_not_yet_valid") },
	{ "for servers",
	    { .name = "alice", .purpose = GNUTLS_KP_TLS_WWW_SERVER },
	    odd_certs_of_root,
	    REFUSED(
		GNUTLS_A_UNSUPPORTED_CERTIFICATE, "handshake_wrong_purpose") },
	{ "for code signing",
	    { .name = "alice", .purpose = GNUTLS_KP_CODE_SIGNING },
	    odd_certs_of_root,
	    REFUSED(
		GNUTLS_A_UNSUPPORTED_CERTIFICATE, "handshake_wrong_purpose") },
	{ "for any purpose", { .name = "alice", .purpose = GNUTLS_KP_ANY },
	    odd_certs_of_root, ECHOED },
	{ "of no purpose", { .name = "alice", .purpose = "" },
	    odd_certs_of_root, ECHOED },
	{ "that may sign others", { ALICE, .adorn = odd_certs_for_signing_too },
	    odd_certs_of_root, ECHOED },
	{ "an authority's own",
	    { .name = "alice", .adorn = odd_certs_for_signing_too },
	    odd_certs_of_root, ECHOED },
	{ "unknown critical extension",
	    { ALICE, .adorn = odd_certs_with_unknown_extension },
	    odd_certs_of_root,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_certificate") },
	{ "SHA-1", { ALICE, .digest = GNUTLS_DIG_SHA1 }, odd_certs_of_root,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_weak") },
	{ "RSA 1024", { ALICE, .key = PKI_RSA_1024 }, odd_certs_of_root,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_weak") },
	/* TLS 1.3 has no signature for it: the client cannot show it. */
	{ "ECDSA P-192", { ALICE, .key = PKI_EC_P192 }, odd_certs_of_root,
	    .alerts = { GNUTLS_A_CERTIFICATE_REQUIRED,
		GNUTLS_A_BAD_CERTIFICATE },
	    .counters = { "handshake_no_certificate", "handshake_weak" } },
	{ "behind an intermediate", { ALICE }, odd_certs_behind_one, ECHOED },
	{ "behind one, shown twice", { ALICE }, odd_certs_behind_one_twice,
	    ECHOED },
	{ "behind one, not shown", { ALICE }, odd_certs_behind_one_unseen,
	    REFUSED(GNUTLS_A_UNKNOWN_CA, "handshake_unknown_issuer") },
	{ "behind 10 intermediates", { ALICE }, odd_certs_behind_ten, ECHOED },
	{ "behind an expired one", { ALICE }, odd_certs_behind_expired,
	    REFUSED(GNUTLS_A_CERTIFICATE_EXPIRED, "handshake_expired") },
	{ "for servers, and any will do",
	    { .name = "alice", .purpose = GNUTLS_KP_TLS_WWW_SERVER },
	    odd_certs_of_root, "--client-purpose", "any", ECHOED },
	{ "behind one of RSA 1024", { ALICE }, odd_certs_behind_weak,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_weak") },
	{ "behind a client (no CA)", { ALICE }, odd_certs_behind_client,
	    REFUSED(GNUTLS_A_UNKNOWN_CA, "handshake_unknown_issuer") },
	{ "behind one too many", { ALICE }, odd_certs_behind_one_too_many,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_certificate") },
	{ "DNS name outside constraints",
	    { .name = "evil.example", .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
	    odd_certs_within_domain,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_certificate") },
	{ "DNS name within constraints",
	    { .name = "a.good.example", .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
	    odd_certs_within_domain, ECHOED },
	{ "URI that is excluded", { ALICE, .adorn = odd_certs_with_uri },
	    odd_certs_without_uri,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_certificate") },
	/* GnuTLS 3.7 alone would let all URIs pass. */
	{ "URI outside constraints", { ALICE, .adorn = odd_certs_with_uri },
	    odd_certs_within_uri,
	    REFUSED(GNUTLS_A_BAD_CERTIFICATE, "handshake_bad_certificate") },
	{ "revoked", { ALICE }, odd_certs_revoked, "--crl", "odd.crl",
	    REFUSED(GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked") },
	{ "revoked, named like its issuer",
	    { .name = "root", .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
	    odd_certs_revoked, "--crl", "odd.crl",
	    REFUSED(GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked") },
	{ "revoked, by an old list", { ALICE }, odd_certs_revoked_long_ago,
	    "--crl", "odd.crl",
	    REFUSED(GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked") },
	{ "not revoked", { ALICE }, odd_certs_not_revoked, "--crl", "odd.crl",
	    ECHOED },
	{ "behind a revoked one", { ALICE }, odd_certs_behind_revoked, "--crl",
	    "odd.crl",
	    REFUSED(GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked") },
	{ "allowed by CN", { ALICE }, odd_certs_of_root, "--allow-cn", "alice",
	    ECHOED },
	{ "CN not allowed", { ALICE }, odd_certs_of_root, "--allow-cn", "bob",
	    REFUSED(GNUTLS_A_ACCESS_DENIED, "handshake_not_allowed") },
	{ "allowed by URI", { ALICE, .adorn = odd_certs_with_uri },
	    odd_certs_of_root, "--allow-san", "spiffe://evil.example/*",
	    ECHOED },
	{ "DNS name not allowed", { ALICE }, odd_certs_of_root, "--allow-san",
	    "*.example",
	    REFUSED(GNUTLS_A_ACCESS_DENIED, "handshake_not_allowed") },
	{ "pinned, in a file", { ALICE }, odd_certs_pinned, "--allow-file",
	    "odd.rules", ECHOED },
	{ "another pin", { ALICE }, odd_certs_of_root, "--allow-pin",
	    "sha256:"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    REFUSED(GNUTLS_A_ACCESS_DENIED, "handshake_not_allowed") },
};

enum {
	CASES = sizeof cases / sizeof *cases
};

static struct odd_certs odd;
static struct server server;
static struct tlspeer peer;

static void
print_row(const char *name, int version, const struct outcome *v)
{
	char alert[64] = "-";

	if (getenv("ODD_CERTS_TABLE") == NULL)
		return;
	if (v->alert != TLSPEER_NO_ALERT)
		(void)snprintf(alert, sizeof alert, "%d %s", v->alert,
		    gnutls_alert_get_strname(
			(gnutls_alert_description_t)v->alert) +
			strlen("GNUTLS_A_"));
	printf("%-28s | %s | %-6s | %-27s | %s\n", name,
	    version == 0 ? "1.3" : "1.2", v->is_echoed ? "yes" : "no", alert,
	    v->counter);
	(void)fflush(stdout);
}

static void
open_peer(int version, const gnutls_datum_t *ticket)
{
	resume_open(
	    &peer, ticket, server.port, odd.count > 0 ? "odd" : NULL, version);
}

/* Handshake and a message, of which all comes back or nothing. */
static void
knock(struct outcome *v)
{
	char bytes[8];
	ssize_t result = tlspeer_handshake(&peer);

	if (result == 0) {
		(void)gnutls_record_send(peer.session, "hello", 5);
		result = tlspeer_receive(&peer, bytes, sizeof bytes);
	}
	v->is_echoed = result == 5 && memcmp(bytes, "hello", 5) == 0;
	v->alert = TLSPEER_NO_ALERT;
	if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
		v->alert = (int)gnutls_alert_get(peer.session);
	ck_assert_msg(result < 0 || v->is_echoed, "%zd bytes came", result);
	tlspeer_close(&peer);
}

/* The only one of its kind that has moved, and by one. */
static const char *
find_refusal(void)
{
	unsigned count = stats_shm_header(server.shm)->field_count;
	const char *found = NULL;

	AWAIT(server_total(&server, "handshakes_failed") == 1);
	for (unsigned i = 0; i < count; i++) {
		const struct stats_field *f = stats_shm_field(server.shm, i);

		if (strncmp(f->name, "handshake_", 10) == 0 &&
		    f->kind == STATS_KIND_TOTAL &&
		    server_total(&server, f->name) > 0)
			found = f->name;
	}
	ck_assert_ptr_nonnull(found);
	server_expect_failures(&server, found, 1);
	return found;
}

static void
expect_one(struct outcome *v)
{
	uint64_t echoed = v->is_echoed ? 1 : 0;

	AWAIT(server_total(&server, "ended") == 1);
	if (v->is_echoed)
		server_expect_failures(&server, NULL, 0);
	v->counter = v->is_echoed ? "handshakes_completed" : find_refusal();
	ck_assert_uint_eq(
	    server_total(&server, "handshakes_completed"), echoed);
	ck_assert_uint_eq(server_total(&server, "read_operations"), echoed);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 5 * echoed);
}

static void
judge(const struct odd_case *a, int version, const struct outcome *v)
{
	bool is_good = a->counters[version] == NULL;
	const char *counter =
	    is_good ? "handshakes_completed" : a->counters[version];

	ck_assert_msg(
	    v->is_echoed == is_good, "%s: echoed: %d", a->name, v->is_echoed);
	ck_assert_msg(v->alert == a->alerts[version], "%s: alert %d, not %d",
	    a->name, v->alert, a->alerts[version]);
	ck_assert_msg(strcmp(v->counter, counter) == 0, "%s: %s moved, not %s",
	    a->name, v->counter, counter);
}

/* The same from a server that has seen it, and remembers the good ones. */
static void
knock_again(const struct odd_case *a, int version, const struct outcome *first)
{
	struct outcome outcome;

	open_peer(version, NULL);
	knock(&outcome);
	AWAIT(server_total(&server, "ended") == 2);
	outcome.counter = first->counter;
	judge(a, version, &outcome);
	ck_assert_uint_eq(server_total(&server, first->counter), 2);
	if (first->is_echoed)
		ck_assert_uint_eq(server_total(&server, "chain_cache_hits"), 1);
	else
		server_expect_failures(&server, first->counter, 2);
}

START_TEST(odd_case)
{
	const struct odd_case *a = &cases[_i / RESUME_VERSIONS];
	int version = _i % RESUME_VERSIONS;
	struct outcome outcome;

	odd_certs_make(&odd, a->kind, &a->leaf);
	server_start(&server, "--workers", "1", "--ca", "odd-ca.pem", a->option,
	    a->value, NULL);
	open_peer(version, NULL);
	knock(&outcome);
	expect_one(&outcome);
	print_row(a->name, version, &outcome);
	judge(a, version, &outcome);
	knock_again(a, version, &outcome);
	server_stop(&server);
	odd_certs_free(&odd);
}
END_TEST

/* Its ticket outlives it, and does not help. */
START_TEST(revoked_since_its_ticket)
{
	const struct odd_case revoked = { "revoked since its ticket", { ALICE },
		REFUSED(GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked") };
	struct outcome outcome;
	gnutls_datum_t ticket;

	odd_certs_make(&odd, odd_certs_not_revoked, &revoked.leaf);
	server_start(&server, "--workers", "1", "--ca", "odd-ca.pem", "--crl",
	    "odd.crl", NULL);
	open_peer(_i, NULL);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_session(&peer, &ticket);
	tlspeer_finish(&peer);
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.leaf);
	server_reload(&server);
	open_peer(_i, &ticket);
	knock(&outcome);
	gnutls_free(ticket.data);
	outcome.counter = find_refusal();
	ck_assert_uint_eq(
	    server_total(&server, "tickets_refused_by_policy"), 1);
	ck_assert_uint_eq(server_total(&server, "read_operations"), 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 6);
	print_row(revoked.name, _i, &outcome);
	judge(&revoked, _i, &outcome);
	server_stop(&server);
	odd_certs_free(&odd);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/odd_certs");

	SUITE_ADD_LOOP(s, odd_case, CASES * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, revoked_since_its_ticket, RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
