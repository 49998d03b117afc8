/* revocation: writes revocation lists in DER; see the header. */
#include "tests/support/revocation.h"

#include <check.h>
#include <gnutls/abstract.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	OCTET_STRING = 0x04,
	OBJECT_ID = 0x06,
	UTC_TIME = 0x17,
	SEQUENCE = 0x30,
	CONTEXT_0 = 0xa0,
	HOUR_S = 3600,
	HEAD_MAX = 6 /* of an element: tag and length */
};

static const uint8_t ecdsa_sha256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2 };
static const uint8_t ecdsa_sha1[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1 };
static const uint8_t crl_number[] = { 0x55, 0x1d, 20 };

static void
must(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

/* Room grows by doubling: a sanitizer's realloc copies each time. */
static size_t
room_for(size_t size)
{
	size_t room = 64;

	while (room < size)
		room *= 2;
	return room;
}

static void
put(struct file_bytes *b, const void *data, size_t size)
{
	size_t room = room_for(b->size + size);

	if (b->data == NULL || room != room_for(b->size)) {
		b->data = realloc(b->data, room);
		ck_assert_ptr_nonnull(b->data);
	}
	if (size > 0)
		memcpy(b->data + b->size, data, size);
	b->size += size;
}

/* One for the process, so that equal options make equal dates. */
static time_t
get_now(void)
{
	static time_t now;

	if (now == 0)
		now = time(NULL);
	return now;
}

/* What is put from here on is the content, until the element is ended. */
static size_t
begin(const struct file_bytes *b)
{
	return b->size;
}

static void
end(struct file_bytes *b, size_t start, uint8_t tag)
{
	uint8_t head[HEAD_MAX] = { tag };
	size_t length = b->size - start;
	size_t bytes = 0;

	while (length >> (8 * bytes) != 0)
		bytes++;
	if (length < 0x80) {
		head[1] = (uint8_t)length;
		bytes = 0;
	} else {
		head[1] = (uint8_t)(0x80 | bytes);
	}
	for (size_t i = 0; i < bytes; i++)
		head[2 + i] = (uint8_t)(length >> (8 * (bytes - 1 - i)));
	put(b, head, 2 + bytes);
	memmove(b->data + start + 2 + bytes, b->data + start, length);
	memcpy(b->data + start, head, 2 + bytes);
}

static void
put_element(struct file_bytes *b, uint8_t tag, const void *data, size_t size)
{
	size_t start = begin(b);

	put(b, data, size);
	end(b, start, tag);
}

static void
put_algorithm(struct file_bytes *b, const struct revocation_options *options)
{
	size_t start = begin(b);

	if (options->is_sha1)
		put_element(b, OBJECT_ID, ecdsa_sha1, sizeof ecdsa_sha1);
	else
		put_element(b, OBJECT_ID, ecdsa_sha256, sizeof ecdsa_sha256);
	end(b, start, SEQUENCE);
}

static void
put_time(struct file_bytes *b, time_t when)
{
	char text[32];
	struct tm utc;

	size_t size;

	ck_assert_ptr_nonnull(gmtime_r(&when, &utc));
	size = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc);
	put_element(b, UTC_TIME, text + 2, size - 2); /* without the century */
}

static void
put_dates(struct file_bytes *b, const struct revocation_options *options)
{
	bool preset = options->from_s != 0 || options->until_s != 0;
	time_t now = get_now();

	put_time(b, now + (preset ? options->from_s : -HOUR_S));
	if (!options->is_endless)
		put_time(b, now + (preset ? options->until_s : HOUR_S));
}

static void
put_entries(struct file_bytes *b, const struct revocation_options *options)
{
	const uint8_t *serial = options->serials;
	size_t list = begin(b);

	for (size_t i = 0; i < options->serial_count; i++) {
		size_t entry = begin(b);

		put_element(b, INTEGER, serial, options->serial_size);
		put_time(b, get_now() - HOUR_S);
		if (options->entry_extension != NULL)
			put_element(b, SEQUENCE, options->entry_extension,
			    options->entry_extension_size);
		end(b, entry, SEQUENCE);
		serial += options->serial_size;
	}
	if (options->serial_count > 0)
		end(b, list, SEQUENCE);
}

static void
put_number(struct file_bytes *b, uint8_t number)
{
	size_t extension = begin(b);
	size_t value;

	put_element(b, OBJECT_ID, crl_number, sizeof crl_number);
	value = begin(b);
	put_element(b, INTEGER, &number, 1);
	end(b, value, OCTET_STRING);
	end(b, extension, SEQUENCE);
}

static void
put_extensions(struct file_bytes *b, const struct revocation_options *options)
{
	size_t tagged = begin(b);
	size_t extensions = begin(b);

	if (options->number == 0 && options->extension == NULL)
		return;
	if (options->number > 0)
		put_number(b, options->number);
	put(b, options->extension, options->extension_size);
	end(b, extensions, SEQUENCE);
	end(b, tagged, CONTEXT_0);
}

static void
put_signature(struct file_bytes *b, const gnutls_datum_t *tbs, bool is_sha1,
    const struct pki *issuer)
{
	size_t start = begin(b);
	gnutls_datum_t signature;
	gnutls_privkey_t key;

	must(gnutls_privkey_init(&key));
	must(gnutls_privkey_import_x509(key, issuer->key, 0));
	must(gnutls_privkey_sign_data(key,
	    is_sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0, tbs, &signature));
	put(b, "", 1); /* no unused bits */
	put(b, signature.data, signature.size);
	end(b, start, BIT_STRING);
	gnutls_free(signature.data);
	gnutls_privkey_deinit(key);
}

void
revocation_make(struct file_bytes *der,
    const struct revocation_options *options, const struct pki *issuer)
{
	struct file_bytes tbs = FILE_BYTES_INIT;
	gnutls_datum_t name;

	put_element(&tbs, INTEGER, "\x01", 1); /* version 2 */
	put_algorithm(&tbs, options);
	must(gnutls_x509_crt_get_raw_dn(issuer->crt, &name));
	put(&tbs, name.data, name.size);
	gnutls_free(name.data);
	put_dates(&tbs, options);
	put_entries(&tbs, options);
	put_extensions(&tbs, options);
	end(&tbs, 0, SEQUENCE);

	put(der, tbs.data, tbs.size);
	put_algorithm(der, options);
	put_signature(der, &(gnutls_datum_t){ tbs.data, (unsigned)tbs.size },
	    options->is_sha1, issuer);
	end(der, 0, SEQUENCE);
	file_bytes_free(&tbs);
}

void
revocation_append_pem(struct file_bytes *pem, const struct file_bytes *der)
{
	gnutls_datum_t in = { der->data, (unsigned)der->size };
	gnutls_datum_t out;

	must(gnutls_pem_base64_encode2("X509 CRL", &in, &out));
	ck_assert_int_eq(file_bytes_append(pem, out.data, out.size), 0);
	gnutls_free(out.data);
}
