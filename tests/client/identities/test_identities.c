/* test_identities: directories and lists, their order, names and errors. */
#include "client/identities/identities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/identities/id_files.h"
#include "common/sys/file.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct pki root, ca;
static struct identities ids;
static unsigned part, parts = 1;
static struct errmsg e;

static void
save(const char *path, const struct file_bytes *bytes)
{
	ck_assert_int_eq(file_write_atomically(
			     path, bytes->data, bytes->size, 0600, true, &e),
	    0);
}

/* PATH.pem, with its issuer, and PATH.key. */
static void
write_pair(const char *path, const struct pki_options *options)
{
	struct tls_bundle b = TLS_BUNDLE_INIT;
	char name[64];
	struct pki leaf;

	pki_make(&leaf, options, &ca);
	pki_bundle(&b, &leaf, &root);
	pki_append_cert(&b.key_pairs[0].cert, &ca);
	(void)snprintf(name, sizeof name, "%s.pem", path);
	save(name, &b.key_pairs[0].cert);
	(void)snprintf(name, sizeof name, "%s.key", path);
	save(name, &b.key_pairs[0].key);
	tls_bundle_free(&b);
	pki_free(&leaf);
}

static void
set_up(void)
{
	scratch_enter();
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&ca, &(struct pki_options){ .name = "ca" }, &root);
	ck_assert_int_eq(mkdir("d", 0700), 0);
	write_pair("d/b10", &PKI_CLIENT("b10"));
	write_pair("d/b9", &PKI_CLIENT("b9"));
	write_pair("d/a", &PKI_CLIENT("a"));
}

static void
tear_down(void)
{
	identities_free(&ids);
	pki_free(&ca);
	pki_free(&root);
	scratch_leave();
}

static void
expect_names(const char *const *names, unsigned count)
{
	ck_assert_uint_eq(ids.count, count);
	for (unsigned i = 0; i < count; i++)
		ck_assert_str_eq(ids.of[i].name, names[i]);
}

static void
fails(const char *path, const char *words)
{
	ck_assert_int_eq(identities_load(&ids, path, part, parts, &e), -1);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_uint_eq(ids.count, 0);
	ck_assert_ptr_null(ids.of);
}

/* An authority, a server, a certificate without a key and a key without a
 * certificate are no identities. */
TEST(directory)
{
	static const char *const names[] = { "a", "b9", "b10" };

	write_pair("d/server", &PKI_SERVER("server"));
	write_pair("d/ca", &(struct pki_options){ .name = "sub" });
	write_pair("d/lonely", &PKI_CLIENT("lonely"));
	ck_assert_int_eq(unlink("d/lonely.key"), 0);
	write_pair("d/keyonly", &PKI_CLIENT("keyonly"));
	ck_assert_int_eq(unlink("d/keyonly.pem"), 0);
	scratch_write("d/.pem", "");
	ck_assert_msg(
	    identities_load(&ids, "d", part, parts, &e) == 0, "%s", e.text);
	expect_names(names, 3);
	ck_assert_uint_eq(identities_turn(&ids, 4), 1);
	ck_assert_int_eq(identities_find(&ids, "b9", 2), 1);
	ck_assert_int_eq(identities_find(&ids, "b10", 3), 2);
	ck_assert_int_eq(identities_find(&ids, "b10", 2), -1);
	ck_assert_int_eq(identities_find(&ids, "b100", 4), -1);
	ck_assert_int_eq(identities_find(&ids, "", 0), -1);
	ck_assert(!ids.of[0].own.borrows_issuers);
	ck_assert(ids.of[1].own.borrows_issuers);
	ck_assert(ids.of[2].own.borrows_issuers);
}

TEST(bad_directories)
{
	fails("none", "none: No such file or directory");
	ck_assert_int_eq(mkdir("empty", 0700), 0);
	fails("empty", "empty: no identities: NAME.pem and NAME.key");
	scratch_write("d/b9.key", "rubbish");
	fails("d", "d/b9.key: no private key");
	scratch_write("d/b10.pem", "rubbish");
	scratch_write("d/a.pem", "rubbish");
	fails("d", "d/a.pem: no certificates in PEM found");
}

/* In any order, and of any purpose: what is listed is what is wanted. */
TEST(list)
{
	static const char *const names[] = { "d/b9", "x.y", "server" };

	write_pair("x.y", &PKI_CLIENT("x"));
	write_pair("server", &PKI_SERVER("server"));
	scratch_write("list",
	    "# CERT KEY, or a stem\n\n d/b9.pem\td/b9.key \r\n"
	    "x.y\nserver.pem");
	ck_assert_msg(
	    identities_load(&ids, "list", part, parts, &e) == 0, "%s", e.text);
	expect_names(names, 3);
}

TEST(list_elsewhere)
{
	static const char *const names[] = { "a", "b9" };
	char path[256];

	scratch_write("d/list", "a\nb9.pem b9.key\n");
	(void)snprintf(path, sizeof path, "%s/d/list", scratch_path());
	ck_assert_msg(
	    identities_load(&ids, path, part, parts, &e) == 0, "%s", e.text);
	expect_names(names, 2);
	identities_free(&ids);
	ck_assert_msg(identities_load(&ids, "d/list", part, parts, &e) == 0,
	    "%s", e.text);
}

/* The first ones have one more; none has a name twice or leaves one out. */
static const struct {
	unsigned part, parts, count;
	const char *names[3];
} shares[] = {
	{ 0, 1, 3, { "a", "b9", "b10" } },
	{ 0, 2, 2, { "a", "b10" } },
	{ 1, 2, 1, { "b9" } },
	{ 2, 3, 1, { "b10" } },
	/* Fewer than parts: each has one. */
	{ 3, 5, 1, { "a" } },
	{ 4, 5, 1, { "b9" } },
};

TEST_EACH(share_of_a_part, shares)
{
	part = shares[_i].part;
	parts = shares[_i].parts;
	ck_assert_msg(
	    identities_load(&ids, "d", part, parts, &e) == 0, "%s", e.text);
	expect_names(shares[_i].names, shares[_i].count);
	ck_assert_int_eq(identities_are_elsewhere(&ids, "b*"), parts > 1);
	ck_assert(!identities_are_elsewhere(&ids, "c"));
	ck_assert(!identities_are_elsewhere(&ids, ids.of[0].name));
}

/* What another part has is not read. */
TEST(other_parts_files)
{
	scratch_write("d/b9.key", "rubbish");
	parts = 2;
	ck_assert_msg(
	    identities_load(&ids, "d", part, parts, &e) == 0, "%s", e.text);
	identities_free(&ids);
	part = 1;
	fails("d", "d/b9.key");
}

static const struct {
	const char *text, *words;
} bad_lists[] = {
	{ "", "list: no line names an identity" },
	{ "# a\n", "list: no line names an identity" },
	{ "\nd/a d/a.key more\n", "list: line 2: a line is CERT KEY" },
	{ "d/none", "list: line 1: d/none.pem: No such file" },
	{ "d/a.pem d/none.key", "list: line 1: d/none.key: No such file" },
	{ "d/a.pem d/b9.key",
	    "d/a.pem: the private key does not belong to the certificate" },
	{ "d/a\nd/none\nd/a.pem d/a.key",
	    "list: line 3: 'd/a' is there already, in line 1" },
	{ "d/a\nd/\x1b[m", "line 2: the name 'd/?[m' is not UTF-8, or has" },
	{ "d/\xff", "is not UTF-8" },
};

TEST_EACH(bad_list, bad_lists)
{
	scratch_write("list", bad_lists[_i].text);
	fails("list", bad_lists[_i].words);
}

/* Neither of them is read. */
TEST(too_many)
{
	FILE *f = fopen("list", "w");

	for (int i = 0; i <= IDENTITIES_MAX; i++)
		(void)fprintf(f, "%d\n", i);
	ck_assert_int_eq(fclose(f), 0);
	fails("list", "list: line 100001: more than 100000 identities");
}

static void
for_encryption_only(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_ENCIPHERMENT), 0);
}

/* Wherever it stands. */
TEST(may_not_sign)
{
	struct pki_options options = PKI_CLIENT("mute");

	options.adorn = for_encryption_only;
	write_pair("d/mute", &options);
	scratch_write("list", "d/mute");
	fails("d", "d/mute.pem: its key usage lacks digitalSignature");
	fails("list", "list: line 1: d/mute.pem: its key usage lacks");
}

SUITE_BETWEEN("client/identities/identities", set_up, tear_down)
