/* test_negotiated: what is the same is counted together. */
#include "client/negotiated.h"

#include <stdio.h>

#include "common/tls/params.h"
#include "tests/support/suite.h"

static struct negotiated n;
static struct tls_names names = { "TLS1.3", "AES-256-GCM", "X25519",
	"ECDSA-SECP256R1-SHA256", false, "none" };

static void
expect(unsigned i, const char *group, uint64_t connections)
{
	const struct negotiated_params *p = negotiated_nth(&n, i);

	ck_assert_ptr_nonnull(p);
	ck_assert_str_eq(p->group, group);
	ck_assert_uint_eq(p->connections, connections);
}

TEST(nothing)
{
	ck_assert_ptr_null(negotiated_nth(&n, 0));
}

TEST(names_are_kept)
{
	const struct negotiated_params *p;

	names.is_post_quantum = true;
	negotiated_add(&n, &names, 5);
	p = negotiated_nth(&n, 0);
	ck_assert_str_eq(p->version, "TLS1.3");
	ck_assert_str_eq(p->suite, "AES-256-GCM");
	ck_assert_str_eq(p->group, "X25519");
	ck_assert_str_eq(p->signature, "ECDSA-SECP256R1-SHA256");
	ck_assert(p->is_post_quantum);
	ck_assert_uint_eq(p->connections, 5);
	ck_assert_ptr_null(negotiated_nth(&n, 1));
}

/* What differs in one thing alone is not the same. */
TEST(one_difference)
{
	negotiated_add(&n, &names, 1);
	names.version = "TLS1.2";
	negotiated_add(&n, &names, 1);
	names.suite = "AES-128-GCM";
	negotiated_add(&n, &names, 1);
	names.group = "SECP256R1";
	negotiated_add(&n, &names, 1);
	names.signature = "none";
	negotiated_add(&n, &names, 1);
	negotiated_add(&n, &names, 1);
	expect(4, "SECP256R1", 2);
	ck_assert_ptr_null(negotiated_nth(&n, 5));
}

TEST(more_than_entries)
{
	static struct negotiated parts[2];
	char group[NEGOTIATED_NAME];

	names.group = group;
	for (int i = 0; i < NEGOTIATED_ENTRIES + 4; i++) {
		(void)snprintf(group, sizeof group, "group %d", i);
		negotiated_add(&parts[0], &names, 1);
		negotiated_add(&parts[1], &names, 1);
	}
	negotiated_merge(&n, &parts[0]);
	negotiated_merge(&n, &parts[1]);
	expect(0, "group 0", 2);
	expect(NEGOTIATED_ENTRIES - 2, "group 6", 2);
	expect(NEGOTIATED_ENTRIES - 1, "other", 10);
	ck_assert_ptr_null(negotiated_nth(&n, NEGOTIATED_ENTRIES));
}

SUITE("client/negotiated")
