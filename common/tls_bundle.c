/* tls_bundle: credentials as bytes; see the header. */
#include "common/tls_bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SECTIONS = 4,
	BUNDLE_MAX = SECTIONS * (FILE_MAX + 4)
};

int
tls_files_check(const struct tls_files *files, struct errmsg *e)
{
	if (files->ca == NULL)
		return errmsg_set(e, "--ca is missing: the roots to trust");
	if (files->pkcs12 != NULL) {
		if (files->cert != NULL || files->key != NULL)
			return errmsg_set(
			    e, "--pkcs12 takes the place of --cert and --key");
		if (files->password_file == NULL)
			return errmsg_set(e, "--pkcs12 needs --password-file");
		return 0;
	}
	if (files->password_file != NULL)
		return errmsg_set(e, "--password-file goes with --pkcs12");
	if (files->cert == NULL || files->key == NULL)
		return errmsg_set(e, "--%s is missing (or use --pkcs12)",
		    files->cert == NULL ? "cert" : "key");
	return 0;
}

/* Appends a certificate in PEM to out. */
static int
append_pem(struct file_bytes *out, gnutls_x509_crt_t crt)
{
	gnutls_datum_t pem;
	uint8_t *data;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
		return -1;
	data = realloc(out->data, out->size + pem.size + 1);
	if (data != NULL) {
		memcpy(data + out->size, pem.data, pem.size);
		out->data = data;
		out->size += pem.size;
		out->data[out->size] = '\0';
	}
	gnutls_free(pem.data);
	return data != NULL ? 0 : -1;
}

static int
append_chain(struct file_bytes *out, gnutls_x509_crt_t *chain, unsigned count)
{
	int result = 0;

	for (unsigned i = 0; i < count; i++) {
		if (result == 0)
			result = append_pem(out, chain[i]);
		gnutls_x509_crt_deinit(chain[i]);
	}
	gnutls_free(chain);
	return result;
}

static int
export_key(struct file_bytes *out, gnutls_x509_privkey_t key)
{
	gnutls_datum_t pem;
	int result;

	if (gnutls_x509_privkey_export2_pkcs8(
		key, GNUTLS_X509_FMT_PEM, NULL, 0, &pem) < 0)
		return -1;
	result = file_bytes_set(out, pem.data, pem.size);
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return result;
}

static int
convert_pkcs12(struct tls_bundle *bundle, gnutls_pkcs12_t p12,
    const char *password, struct errmsg *e)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t *chain = NULL;
	unsigned count = 0;
	int result = gnutls_pkcs12_simple_parse(
	    p12, password, &key, &chain, &count, NULL, NULL, NULL, 0);

	if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return errmsg_set(
		    e, "no private key with its certificate found");
	if (result < 0)
		return errmsg_set(e, "%s", gnutls_strerror(result));
	result = append_chain(&bundle->cert, chain, count);
	if (result == 0)
		result = export_key(&bundle->key, key);
	gnutls_x509_privkey_deinit(key);
	if (result < 0)
		return errmsg_set(e, "cannot be converted to PEM");
	return 0;
}

static int
parse_pkcs12(struct tls_bundle *bundle, const struct file_bytes *der,
    const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = { der->data, (unsigned)der->size };
	gnutls_pkcs12_t p12;
	int result;

	if (gnutls_pkcs12_init(&p12) < 0)
		return errmsg_set(e, "out of memory");
	if (gnutls_pkcs12_import(p12, &datum, GNUTLS_X509_FMT_DER, 0) < 0)
		result = errmsg_set(e, "is not PKCS#12");
	else if (gnutls_pkcs12_verify_mac(p12, password) < 0)
		result = errmsg_set(e, "wrong password, or damaged");
	else
		result = convert_pkcs12(bundle, p12, password, e);
	gnutls_pkcs12_deinit(p12);
	return result;
}

static int
load_pkcs12(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	struct file_bytes der = FILE_BYTES_INIT;
	int result;

	if (file_read_line(&password, files->password_file, e) < 0)
		return -1;
	result = file_read(&der, files->pkcs12, FILE_MAX, e);
	if (result == 0) {
		result =
		    parse_pkcs12(bundle, &der, (const char *)password.data, e);
		if (result < 0)
			(void)errmsg_prepend(e, "%s", files->pkcs12);
	}
	file_bytes_free(&der);
	file_bytes_free(&password);
	return result;
}

/* How many certificates a PEM file holds: 0 when none can be read. */
static unsigned
count_certificates(const struct file_bytes *pem)
{
	gnutls_datum_t datum = { pem->data, (unsigned)pem->size };
	gnutls_x509_crt_t *list = NULL;
	unsigned count = 0;

	if (gnutls_x509_crt_list_import2(
		&list, &count, &datum, GNUTLS_X509_FMT_PEM, 0) < 0)
		return 0;
	for (unsigned i = 0; i < count; i++)
		gnutls_x509_crt_deinit(list[i]);
	gnutls_free(list);
	return count;
}

static int
load_certificates(struct file_bytes *out, const char *path, struct errmsg *e)
{
	if (file_read(out, path, FILE_MAX, e) < 0)
		return -1;
	if (count_certificates(out) == 0)
		return errmsg_set(e, "%s: no certificates in PEM found", path);
	return 0;
}

static int
load_key(struct file_bytes *out, const char *path, struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	gnutls_datum_t datum;
	int result;

	if (file_read(out, path, FILE_MAX, e) < 0)
		return -1;
	datum = (gnutls_datum_t){ out->data, (unsigned)out->size };
	if (gnutls_x509_privkey_init(&key) < 0)
		return errmsg_set(e, "%s: out of memory", path);
	result = gnutls_x509_privkey_import2(
	    key, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
	gnutls_x509_privkey_deinit(key);
	if (result == GNUTLS_E_DECRYPTION_FAILED)
		return errmsg_set(e,
		    "%s: the key is encrypted: decrypt it, or use --pkcs12",
		    path);
	if (result < 0)
		return errmsg_set(e, "%s: no private key in PEM found", path);
	return 0;
}

int
tls_bundle_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	int result = load_certificates(&bundle->ca, files->ca, e);

	if (result == 0 && files->pkcs12 != NULL)
		result = load_pkcs12(bundle, files, e);
	if (result == 0 && files->pkcs12 == NULL) {
		result = load_certificates(&bundle->cert, files->cert, e);
		if (result == 0)
			result = load_key(&bundle->key, files->key, e);
	}
	if (result < 0)
		tls_bundle_free(bundle);
	return result;
}

int
tls_bundle_new_ticket_key(struct tls_bundle *bundle, struct errmsg *e)
{
	gnutls_datum_t key;
	int result = gnutls_session_ticket_key_generate(&key);

	if (result < 0)
		return errmsg_set(e, "ticket key: %s", gnutls_strerror(result));
	result = file_bytes_set(&bundle->ticket_key, key.data, key.size);
	gnutls_memset(key.data, 0, key.size);
	gnutls_free(key.data);
	return result < 0 ? errmsg_set(e, "ticket key: out of memory") : 0;
}

/* The order in which a bundle is written: each a u32 length and bytes. */
static struct file_bytes *
section(struct tls_bundle *bundle, int i)
{
	struct file_bytes *const all[SECTIONS] = { &bundle->ca, &bundle->cert,
		&bundle->key, &bundle->ticket_key };

	return all[i];
}

static int
write_section(int fd, const struct file_bytes *bytes)
{
	uint32_t size = (uint32_t)bytes->size;
	int error = file_write_all(fd, &size, sizeof size);

	return error != 0 ? error : file_write_all(fd, bytes->data, size);
}

int
tls_bundle_seal(const struct tls_bundle *bundle, struct errmsg *e)
{
	struct tls_bundle copy = *bundle; /* of pointers; section() wants it */
	int fd = memfd_create(
	    "tlsecho-credentials", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error = 0;

	if (fd < 0)
		return errmsg_set_errno(e, errno, "credentials: memfd_create");
	for (int i = 0; i < SECTIONS && error == 0; i++)
		error = write_section(fd, section(&copy, i));
	if (error == 0 &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		error = -errno;
	if (error == 0)
		return fd;
	(void)close(fd);
	return errmsg_set_errno(e, -error, "credentials: memfd");
}

/* Cuts one section off the front of what is left of the mapping. */
static int
read_section(struct file_bytes *out, const uint8_t **from, size_t *left)
{
	uint32_t size;

	if (*left < sizeof size)
		return -1;
	memcpy(&size, *from, sizeof size);
	*from += sizeof size;
	*left -= sizeof size;
	if (size > *left || file_bytes_set(out, *from, size) < 0)
		return -1;
	*from += size;
	*left -= size;
	return 0;
}

int
tls_bundle_open(struct tls_bundle *bundle, int fd, struct errmsg *e)
{
	struct stat st;
	const uint8_t *from;
	size_t left;
	void *map;
	int result = 0;

	if (fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > BUNDLE_MAX)
		return errmsg_set(e, "credentials: unusable descriptor");
	left = (size_t)st.st_size;
	map = mmap(NULL, left, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return errmsg_set_errno(e, errno, "credentials: mmap");
	from = map;
	for (int i = 0; i < SECTIONS && result == 0; i++)
		result = read_section(section(bundle, i), &from, &left);
	(void)munmap(map, (size_t)st.st_size);
	if (result == 0)
		return 0;
	tls_bundle_free(bundle);
	return errmsg_set(e, "credentials: damaged, or out of memory");
}

void
tls_bundle_free(struct tls_bundle *bundle)
{
	for (int i = 0; i < SECTIONS; i++)
		file_bytes_free(section(bundle, i));
}
