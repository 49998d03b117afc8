/* cmd_list: the certificates of an authority's directory; see the header. */
#include "certs/cmd_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/crl.h"
#include "certs/key.h"
#include "certs/print.h"
#include "certs/x509.h"
#include "common/base/printable.h"
#include "common/base/utc.h"

static const char suffix[] = ".pem";

struct table {
	const struct authority *authority;
	gnutls_x509_crl_t crl; /* NULL: there is none */
	time_t now;
	int name_width;
};

/* Length of a file's name without its suffix. */
static size_t
name_length(const char *file)
{
	return strlen(file) - (sizeof suffix - 1);
}

static int
is_leaf_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > sizeof suffix - 1 &&
	    strcmp(entry->d_name + len - (sizeof suffix - 1), suffix) == 0 &&
	    strcmp(entry->d_name, AUTHORITY_CERT_FILE) != 0 &&
	    strcmp(entry->d_name, AUTHORITY_CRL_FILE) != 0;
}

/* By name: "a" is before "a-b", though "a-b.pem" is before "a.pem". */
static int
compare(const struct dirent **a, const struct dirent **b)
{
	size_t a_length = name_length((*a)->d_name);
	size_t b_length = name_length((*b)->d_name);
	size_t shorter = a_length < b_length ? a_length : b_length;
	int order = memcmp((*a)->d_name, (*b)->d_name, shorter);

	return order != 0 ? order
			  : (a_length > b_length) - (a_length < b_length);
}

/*
 * Whether a key lies beside the certificate that is not its own. One that
 * cannot be read, by us or without a password, is not judged.
 */
static bool
has_other_key(
    const struct table *t, const struct tls_chain *chain, const char *file)
{
	const struct store *store = authority_store(t->authority);
	struct key_source source = { .format = GNUTLS_X509_FMT_PEM };
	struct file_bytes pem = FILE_BYTES_INIT;
	char name[sizeof((struct dirent *)0)->d_name];
	gnutls_x509_privkey_t key;
	struct errmsg ignored;
	bool is_other = false;

	(void)snprintf(
	    name, sizeof name, "%.*s.key", (int)name_length(file), file);
	if (!store_has(store, name) ||
	    store_read(store, name, &pem, &ignored) < 0)
		return false;
	source.file = name;
	source.bytes = tls_datum_of(&pem);
	if (key_import(&key, &source, &ignored) == 0) {
		is_other = !tls_chain_has_key(chain, key);
		gnutls_x509_privkey_deinit(key);
	} else {
		is_other = !key_is_encrypted(&source.bytes, source.format);
	}
	file_bytes_free(&pem);
	return is_other;
}

/* The last column; NULL, and an error, when the revocation list is broken. */
static const char *
find_status(const struct table *t, const struct tls_chain *chain,
    const char *file, struct errmsg *e)
{
	gnutls_x509_crt_t cert = chain->crts[0];
	struct serial serial;
	int found = 0;
	time_t when;

	if (!authority_issued(t->authority, cert))
		return "foreign";
	if (t->crl != NULL && serial_of(&serial, cert) == 0)
		found = crl_find(t->crl, &serial, &when, e);
	if (found < 0)
		return NULL;
	if (found > 0)
		return "revoked";
	if (t->now > gnutls_x509_crt_get_expiration_time(cert))
		return "expired";
	if (t->now < gnutls_x509_crt_get_activation_time(cert))
		return "not-yet-valid";
	return has_other_key(t, chain, file) ? "other-key" : "valid";
}

static void
print_row(const struct table *t, const char *name, const char *const cells[4])
{
	printf("%-*s  %-32s  %-9s  %-20s  %s\n", t->name_width, name, cells[0],
	    cells[1], cells[2], cells[3]);
}

static int
print_entry(const struct table *t, const char *name, const char *file,
    const struct tls_chain *chain, struct errmsg *e)
{
	gnutls_x509_crt_t cert = chain->crts[0];
	char serial[PRINT_SERIAL_SIZE];
	char purpose[PRINT_PURPOSE_SIZE];
	char end[UTC_TEXT];
	const char *status = find_status(t, chain, file, e);
	const char *const cells[4] = { print_serial(cert, serial),
		print_purpose(cert, purpose),
		utc_format(gnutls_x509_crt_get_expiration_time(cert), end),
		status };

	if (status == NULL)
		return -1;
	print_row(t, name, cells);
	return 0;
}

/* A file that is no certificate is not ours: it gets a row, and no error. */
static int
print_file(const struct table *t, const char *file, struct errmsg *e)
{
	static const char *const unreadable[4] = { "-", "-", "-",
		"unreadable" };
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;
	int len = (int)name_length(file);
	char name[sizeof((struct dirent *)0)->d_name];
	struct errmsg ignored;
	int result = 0;

	(void)snprintf(name, sizeof name, "%.*s", len, file);
	printable_mask(name);
	if (store_read(authority_store(t->authority), file, &pem, &ignored) <
		0 ||
	    x509_chain_parse(&chain, &pem, file, &ignored) < 0)
		print_row(t, name, unreadable);
	else
		result = print_entry(t, name, file, &chain, e);
	tls_chain_free(&chain);
	file_bytes_free(&pem);
	return result;
}

static int
print_table(struct table *t, struct errmsg *e)
{
	static const char *const titles[4] = { "SERIAL", "PURPOSE", "NOT AFTER",
		"STATUS" };
	const char *dir = store_dir(authority_store(t->authority));
	struct dirent **entries;
	int count = scandir(dir, &entries, is_leaf_file, compare);
	int result = 0;

	if (count < 0)
		return errmsg_set_errno(e, errno, "%s", dir);
	t->name_width = (int)sizeof "NAME" - 1;
	for (int i = 0; i < count; i++) {
		int width = (int)name_length(entries[i]->d_name);

		t->name_width = width > t->name_width ? width : t->name_width;
	}
	print_row(t, "NAME", titles);
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = print_file(t, entries[i]->d_name, e);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int
load_crl(struct table *t, struct errmsg *e)
{
	const struct store *store = authority_store(t->authority);

	if (store_has(store, AUTHORITY_CRL_FILE))
		return crl_load(&t->crl, store, AUTHORITY_CRL_FILE,
		    authority_cert(t->authority), e);
	fprintf(stderr,
	    "%s: note: %s has no " AUTHORITY_CRL_FILE
	    ": what was revoked is unknown\n",
	    options_program.name, store_dir(store));
	return 0;
}

/* Another process may be writing at this moment, too. */
static void
note_unfinished(const struct store *store)
{
	if (store_is_unfinished(store))
		fprintf(stderr,
		    "%s: note: %s: some files are replaced, and others not "
		    "yet: if a command was killed, the next one that writes "
		    "there finishes its work\n",
		    options_program.name, store_dir(store));
}

int
list_run(const struct options *options, char *const *operands, struct errmsg *e)
{
	struct table t = { .now = time(NULL) };
	struct authority *a;
	int result;

	(void)options;
	if (authority_open(&a, operands[0], AUTHORITY_READ, NULL, e) < 0)
		return ARGS_EXIT_FAILED;
	t.authority = a;
	note_unfinished(authority_store(a));
	result = load_crl(&t, e);
	if (result == 0)
		result = print_table(&t, e);
	if (t.crl != NULL)
		gnutls_x509_crl_deinit(t.crl);
	authority_close(&a);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
