/* old_cert: a certificate that is to be replaced; see the header. */
#include "certs/old_cert.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/key.h"
#include "certs/print.h"
#include "certs/store.h"
#include "common/base/assertion.h"

enum {
	NAME_SIZE = 2048
};

static int
load_chain(struct tls_chain *out, const struct store *store, const char *file,
    struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	int result;

	if (store_read(store, file, &pem, e) < 0)
		return -1;
	result = x509_chain_parse(out, &pem, file, e);
	file_bytes_free(&pem);
	return result;
}

int
old_cert_load(struct old_cert *out, const struct authority *a, const char *stem,
    struct errmsg *e)
{
	char file[STORE_NAME_SIZE];
	int error;

	(void)snprintf(file, sizeof file, "%s.pem", stem);
	if (load_chain(&out->chain, authority_store(a), file, e) < 0)
		return -1;
	if (!authority_issued(a, out->chain.crts[0]))
		return errmsg_set(
		    e, "%s: was issued by another authority", file);
	error = serial_of(&out->serial, out->chain.crts[0]);
	return error < 0 ? x509_fail(e, error, file) : 0;
}

static int
read_purpose(struct old_cert *old, struct errmsg *e)
{
	char text[PRINT_PURPOSE_SIZE];

	(void)print_purpose(old->chain.crts[0], text);
	old->purpose = CERT_CLIENT;
	if (strcmp(text, "server") == 0)
		old->purpose = CERT_SERVER;
	else if (gnutls_x509_crt_get_ca_status(old->chain.crts[0], NULL) > 0)
		return errmsg_set(
		    e, "is an authority's certificate: renew it alone");
	else if (strcmp(text, "client") != 0)
		return errmsg_set(e,
		    "its purpose is '%s', and only certificates of servers and "
		    "clients can be renewed",
		    text);
	return 0;
}

/* A copy of the name of that index as text; NULL, and the type or error. */
static char *
copy_name(gnutls_x509_crt_t cert, unsigned int index, int *type)
{
	unsigned char name[NAME_SIZE];
	char address[INET6_ADDRSTRLEN];
	size_t size = sizeof name;

	*type = gnutls_x509_crt_get_subject_alt_name2(
	    cert, index, name, &size, NULL, NULL);
	switch (*type) {
	case GNUTLS_SAN_DNSNAME:
	case GNUTLS_SAN_RFC822NAME:
	case GNUTLS_SAN_URI:
		return strndup((const char *)name, size);
	case GNUTLS_SAN_IPADDRESS:
		if (size != 4 && size != 16)
			return NULL;
		(void)inet_ntop(size == 4 ? AF_INET : AF_INET6, name, address,
		    sizeof address);
		return strdup(address);
	default:
		return NULL;
	}
}

/* Room for one more. */
static int
grow(struct old_cert *old)
{
	size_t count = old->names_count + 1;
	struct name *names = realloc(old->names, count * sizeof *names);
	char **texts;

	if (names == NULL)
		return -1;
	old->names = names;
	texts = realloc(old->texts, count * sizeof *texts);
	if (texts == NULL)
		return -1;
	old->texts = texts;
	return 0;
}

static int
add_name(struct old_cert *old, char *text, struct errmsg *e)
{
	size_t n = old->names_count;

	if (grow(old) < 0) {
		free(text);
		return errmsg_set(e, "out of memory");
	}
	old->texts[n] = text;
	old->names_count++;
	return old->purpose == CERT_SERVER
	    ? name_parse_server(&old->names[n], text, e)
	    : name_parse_client(&old->names[n], text, e);
}

int
old_cert_read_names(struct old_cert *old, struct errmsg *e)
{
	gnutls_x509_crt_t cert = old->chain.crts[0];
	char *text;
	int type;

	ASSERT(old->names == NULL);
	if (read_purpose(old, e) < 0)
		return -1;
	while ((text = copy_name(
		    cert, (unsigned int)old->names_count, &type)) != NULL)
		if (add_name(old, text, e) < 0)
			return -1;
	if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE &&
	    old->names_count > 0)
		return 0;
	return errmsg_set(e,
	    "has other names than DNS names, addresses, e-mail addresses and "
	    "URIs, or none: issue it anew");
}

int
old_cert_load_key(gnutls_x509_privkey_t *out, const struct old_cert *old,
    const struct authority *a, const char *stem, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	char file[STORE_NAME_SIZE];
	struct key_source source = { .file = file,
		.format = GNUTLS_X509_FMT_PEM,
		.when_encrypted = "decrypt it, or give --new-key" };
	int result;

	(void)snprintf(file, sizeof file, "%s.key", stem);
	if (!store_has(authority_store(a), file))
		return errmsg_set(e,
		    "%s/%s: is not here: bring it, or give --new-key",
		    store_dir(authority_store(a)), file);
	if (store_read(authority_store(a), file, &pem, e) < 0)
		return -1;
	source.bytes = tls_datum_of(&pem);
	result = key_import(out, &source, e);
	file_bytes_free(&pem);
	if (result < 0 || tls_chain_has_key(&old->chain, *out))
		return result;
	gnutls_x509_privkey_deinit(*out);
	*out = NULL;
	return errmsg_set(e,
	    "%s: is not the key of %s.pem: restore it, or give --new-key", file,
	    stem);
}

void
old_cert_free(struct old_cert *old)
{
	for (size_t i = 0; i < old->names_count; i++)
		free(old->texts[i]);
	free(old->texts);
	free(old->names);
	tls_chain_free(&old->chain);
	*old = (struct old_cert)OLD_CERT_INIT;
}
