/* cmd_revoke: the commands revoke and crl; see the header. */
#include "certs/cmd_revoke.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "certs/authority.h"
#include "certs/crl.h"
#include "certs/name.h"
#include "certs/print.h"
#include "certs/revocations.h"
#include "certs/serial.h"
#include "certs/x509.h"
#include "common/base/utc.h"

/* What is to be printed once the new list is in place. */
struct report {
	FILE *lines;
	int added;
};

static int
load_list(gnutls_x509_crl_t *out, const struct authority *a, bool may_begin,
    struct errmsg *e)
{
	bool is_lost = !store_has(authority_store(a), AUTHORITY_CRL_FILE);

	/* Seconds are larger than any number that a lost list had. */
	if (is_lost && may_begin)
		return crl_new(out, (uint64_t)time(NULL), e);
	return revocations_load(out, a, e);
}

static int
write_list(const struct authority *a, gnutls_x509_crl_t crl,
    const struct options *options, struct errmsg *e)
{
	int days = options->days != 0 ? (int)options->days : CRL_DAYS;
	struct file_bytes pem = FILE_BYTES_INIT;
	struct store_file file = { AUTHORITY_CRL_FILE, &pem, 0644 };
	struct store *store = authority_store(a);
	int result = -1;

	if (revocations_issue(&pem, crl, a, days, e) == 0 &&
	    store_write(store, &file, 1, true, e) == 0)
		result = store_sync(store, e);
	file_bytes_free(&pem);
	return result;
}

static void
print_list(const struct authority *a, gnutls_x509_crl_t crl)
{
	char number[PRINT_NUMBER_SIZE];
	char next[UTC_TEXT];

	printf("%s/" AUTHORITY_CRL_FILE
	       ": number %s, %d revoked, next update %s\n",
	    store_dir(authority_store(a)), print_crl_number(crl, number),
	    gnutls_x509_crl_get_crt_count(crl),
	    utc_format(gnutls_x509_crl_get_next_update(crl), next));
}

/* The file of a name, or the path of any other; false: neither. */
static bool
find_file(char path[static STORE_PATH_SIZE], const struct authority *a,
    const char *cert)
{
	const struct store *store = authority_store(a);
	char file[STORE_NAME_SIZE];
	char stem[NAME_STEM_SIZE];
	struct errmsg none;
	int n;

	if (name_stem(stem, cert, &none) == 0) {
		(void)snprintf(file, sizeof file, "%s.pem", stem);
		if (store_has(store, file))
			return store_path(store, file, path, &none) == 0;
	}
	n = snprintf(path, STORE_PATH_SIZE, "%s", cert);
	return n < STORE_PATH_SIZE &&
	    (access(cert, F_OK) == 0 || errno != ENOENT);
}

static int
check_revocable(const struct authority *a, const char *name,
    gnutls_x509_crt_t cert, struct errmsg *e)
{
	if (gnutls_x509_crt_equals(cert, authority_cert(a)) != 0)
		return errmsg_set(e,
		    "%s: is the authority itself, which cannot revoke itself: "
		    "remove it from where it is trusted",
		    name);
	if (!authority_issued(a, cert))
		return errmsg_set(
		    e, "%s: was issued by another authority", name);
	return 0;
}

static int
read_serial(struct serial *out, const struct authority *a, const char *name,
    const char *path, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	int result;

	if (x509_chain_load(&chain, path, e) < 0)
		return -1;
	result = check_revocable(a, name, chain.crts[0], e);
	if (result == 0 && serial_of(out, chain.crts[0]) < 0)
		result = errmsg_set(e, "%s: has no serial number", name);
	tls_chain_free(&chain);
	return result;
}

/*
 * A certificate that is lost, or was never here, is revoked by its number
 * alone: who else issued one of that number, a list of this authority's does
 * not concern.
 */
static int
find_serial(struct serial *out, const struct authority *a, const char *cert,
    struct errmsg *e)
{
	char path[STORE_PATH_SIZE];
	struct serial own;

	if (find_file(path, a, cert))
		return read_serial(out, a, cert, path, e);
	if (!serial_parse(out, cert))
		return errmsg_set(e,
		    "'%s' is neither a name in %s nor a file nor a serial "
		    "number: 'tlsecho-certs list' shows names and numbers",
		    cert, store_dir(authority_store(a)));
	if (serial_of(&own, authority_cert(a)) == 0 && serial_equals(&own, out))
		return errmsg_set(e,
		    "%s: is the authority's own number, which cannot revoke "
		    "itself: remove it from where it is trusted",
		    cert);
	return 0;
}

static int
add_one(struct report *report, const struct authority *a, gnutls_x509_crl_t crl,
    const char *name, struct errmsg *e)
{
	struct serial serial;
	char digits[SERIAL_TEXT];
	char text[UTC_TEXT];
	time_t when;
	int found;

	if (find_serial(&serial, a, name, e) < 0)
		return -1;
	found = crl_find(crl, &serial, &when, e);
	if (found < 0)
		return -1;
	if (found > 0) {
		fprintf(report->lines, "%s: is revoked already, since %s\n",
		    name, utc_format(when, text));
		return 0;
	}
	if (crl_add(crl, &serial, time(NULL), e) < 0)
		return -1;
	fprintf(report->lines, "%s: revoked, serial %s\n", name,
	    serial_format(&serial, digits));
	report->added++;
	return 0;
}

static int
add_all(const struct authority *a, gnutls_x509_crl_t crl,
    const struct options *options, char *const *names, struct errmsg *e)
{
	struct report report = { .added = 0 };
	char *text = NULL;
	size_t size;
	int result = 0;

	report.lines = open_memstream(&text, &size);
	if (report.lines == NULL)
		return errmsg_set(e, "out of memory");
	for (; *names != NULL && result == 0; names++)
		result = add_one(&report, a, crl, *names, e);
	if (result == 0 && report.added > 0)
		result = write_list(a, crl, options, e);
	if (fclose(report.lines) == 0 && result == 0)
		printf("%s", text);
	if (result == 0)
		print_list(a, crl);
	free(text);
	return result;
}

static int
issue_again(const struct authority *a, gnutls_x509_crl_t crl,
    const struct options *options, struct errmsg *e)
{
	if (write_list(a, crl, options, e) < 0)
		return -1;
	print_list(a, crl);
	return 0;
}

/* Without names the list is issued as it is. */
static int
change_list(const struct options *options, const char *dir, char *const *names,
    bool may_begin, struct errmsg *e)
{
	struct authority *a;
	gnutls_x509_crl_t crl;
	int result = -1;

	if (authority_open(&a, dir, AUTHORITY_SIGN, options->ca_password, e) <
	    0)
		return ARGS_EXIT_FAILED;
	if (load_list(&crl, a, may_begin, e) == 0) {
		result = *names != NULL ? add_all(a, crl, options, names, e)
					: issue_again(a, crl, options, e);
		gnutls_x509_crl_deinit(crl);
	}
	authority_close(&a);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}

int
revoke_run(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	return change_list(options, operands[0], operands + 1, false, e);
}

int
revoke_run_crl(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	return change_list(
	    options, operands[0], operands + 1, options->force, e);
}
