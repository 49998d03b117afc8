/* token: PKCS#11 by GnuTLS and p11-kit; see the header. */
#include "common/creds/token.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs11.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/x509/chain.h"

static const char scheme[] = "pkcs11:";
static const char pin_source[] = "pin-source=";

bool
tls_is_token(const char *name)
{
	return name != NULL &&
	    strncasecmp(name, scheme, sizeof scheme - 1) == 0;
}

const char *
tls_token_name(const char *uri, char text[static TLS_TOKEN_TEXT])
{
	if (!tls_is_token(uri))
		return uri;
	(void)snprintf(
	    text, TLS_TOKEN_TEXT, "%.*s", (int)strcspn(uri, "?\n"), uri);
	return text;
}

static void
decode_percents(char *text)
{
	char *to = text, hex[3] = "";

	for (; *text != '\0'; text++) {
		char *end = hex;

		if (*text == '%') {
			(void)snprintf(hex, sizeof hex, "%s", text + 1);
			*to = (char)strtol(hex, &end, 16);
		}
		if (end == hex + 2)
			text += 2;
		else
			*to = *text;
		to++;
	}
	*to = '\0';
}

/*
 * The first line of the file that the URI names (RFC 7512, 2.4), of which
 * GnuTLS only asks whoever registers for it. 1: it names none.
 */
static int
read_pin_source(struct file_bytes *pin, const char *uri, struct errmsg *e)
{
	const char *at = strchr(uri, '?');
	char path[1024];
	size_t n;

	while (at != NULL &&
	    strncmp(at + 1, pin_source, sizeof pin_source - 1) != 0)
		at = strchr(at + 1, '&');
	if (at == NULL)
		return 1;
	at += sizeof pin_source;
	if (strncasecmp(at, "file:", 5) == 0)
		at += 5;
	n = strcspn(at, "&");
	if (n >= sizeof path)
		return errmsg_set(e, "pin-source is too long");
	memcpy(path, at, n);
	path[n] = '\0';
	decode_percents(path);
	if (strncmp(path, "//", 2) == 0)
		memmove(path, path + 1, strlen(path));
	if (file_read_line(pin, path, e) < 0 || file_check_private(path, e) < 0)
		return errmsg_prepend(e, "pin-source");
	return 0;
}

/* "pin-source" goes: GnuTLS would give up at it. */
static int
append_without_pin(struct file_bytes *out, const char *uri)
{
	size_t n = strcspn(uri, "?");
	const char *at = uri + n;
	char separator = '?';

	if (file_bytes_append(out, uri, n) < 0)
		return -1;
	while (*at != '\0') {
		n = strcspn(++at, "&");
		if (strncmp(at, pin_source, sizeof pin_source - 1) != 0) {
			if (file_bytes_append(out, &separator, 1) < 0 ||
			    file_bytes_append(out, at, n) < 0)
				return -1;
			separator = '&';
		}
		at += n;
	}
	return 0;
}

int
tls_token_describe(struct file_bytes *out, const char *uri,
    const char *password, struct errmsg *e)
{
	struct file_bytes pin = FILE_BYTES_INIT;
	int result = read_pin_source(&pin, uri, e);

	if (result == 1 && password != NULL)
		result = file_bytes_append(&pin, password, strlen(password));
	if (result >= 0 &&
	    (append_without_pin(out, uri) < 0 ||
		file_bytes_append(out, "\n", 1) < 0 ||
		(pin.size > 0 &&
		    file_bytes_append(out, pin.data, pin.size) < 0)))
		result = errmsg_set(e, "out of memory");
	file_bytes_free(&pin);
	if (result < 0)
		file_bytes_free(out);
	return result < 0 ? -1 : 0;
}

bool
tls_token_is_described(const struct file_bytes *bytes)
{
	return bytes->size > 0 && tls_is_token((const char *)bytes->data);
}

bool
tls_token_has_failed(int error)
{
	switch (error) {
	case GNUTLS_E_PKCS11_ERROR:
	case GNUTLS_E_PKCS11_DATA_ERROR: /* a handle is void */
	case GNUTLS_E_PKCS11_LOAD_ERROR:
	case GNUTLS_E_PKCS11_SLOT_ERROR:
	case GNUTLS_E_PKCS11_DEVICE_ERROR:
	case GNUTLS_E_PKCS11_SESSION_ERROR:
	case GNUTLS_E_PKCS11_TOKEN_ERROR:
	case GNUTLS_E_PKCS11_USER_ERROR: /* it has forgotten the PIN */
	case GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE:
		return true;
	default:
		return false;
	}
}

/* NOLINTBEGIN(readability-function-size): it has seven parameters */
/* A wrong PIN is tried once, and the last time that there is never: the token
 * would be locked. */
static int
on_pin(void *bytes, int attempt, const char *url, const char *label,
    unsigned flags, char *pin, size_t size)
{
	const struct file_bytes *b = bytes;
	const char *own = strchr((const char *)b->data, '\n') + 1;

	(void)url;
	(void)label;
	if (attempt > 0 || *own == '\0' || strlen(own) >= size ||
	    (flags & (GNUTLS_PIN_WRONG | GNUTLS_PIN_FINAL_TRY)) != 0)
		return GNUTLS_E_PKCS11_PIN_ERROR;
	(void)strcpy(pin, own);
	return 0;
}
/* NOLINTEND(readability-function-size) */

static int
refuse(int error, const struct file_bytes *bytes, const char *what,
    struct errmsg *e)
{
	const char *pin = strchr((const char *)bytes->data, '\n') + 1;

	switch (error) {
	case GNUTLS_E_PARSING_ERROR:
		return errmsg_set(e, "is no URI of PKCS#11 (RFC 7512)");
	case GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE:
		return errmsg_set(
		    e, "no token has this %s: see p11tool --list-tokens", what);
	case GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE:
		return errmsg_set(e,
		    "the token has no such %s: see p11tool --login --list-all",
		    what);
	case GNUTLS_E_PKCS11_PIN_ERROR:
		return errmsg_set(e,
		    *pin == '\0'
			? "the token wants a PIN: give it by --password-file, "
			  "or in the URI by pin-source"
			: "the token refuses the PIN, or has one try left for "
			  "it, which is not used");
	case GNUTLS_E_PKCS11_PIN_LOCKED:
		return errmsg_set(e, "the token's PIN is locked");
	default:
		return errmsg_set(e, "the token's %s cannot be used: %s", what,
		    gnutls_strerror(error));
	}
}

/* The URI, to be freed. */
static char *
uri_of(const struct file_bytes *bytes)
{
	return strndup((const char *)bytes->data,
	    strcspn((const char *)bytes->data, "\n"));
}

int
tls_token_open_key(
    gnutls_privkey_t *key, const struct file_bytes *bytes, struct errmsg *e)
{
	char *uri = uri_of(bytes);
	struct file_bytes *b;
	int error;

	if (uri == NULL || gnutls_privkey_init(key) < 0) {
		free(uri);
		return errmsg_set(e, "out of memory");
	}
	memcpy(&b, &bytes, sizeof b); /* it is only read */
	gnutls_privkey_set_pin_function(*key, on_pin, b);
	error = gnutls_privkey_import_url(*key, uri, 0);
	free(uri);
	if (error >= 0)
		return 0;
	gnutls_privkey_deinit(*key);
	return refuse(error, bytes, "private key", e);
}

static int
append_chain(struct file_bytes *pem, struct tls_chain *chain)
{
	int result = 0;

	for (unsigned i = 0; i < chain->count && result == 0; i++)
		result = tls_chain_append_pem(pem, chain->crts[i]);
	return result;
}

int
tls_token_read_chain(struct file_bytes *pem, const char *uri,
    const char *password, struct errmsg *e)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	struct tls_chain chain = TLS_CHAIN_INIT;
	char *plain;
	int error;

	if (tls_token_describe(&bytes, uri, password, e) < 0)
		return -1;
	plain = uri_of(&bytes);
	error = plain == NULL ? GNUTLS_E_MEMORY_ERROR
			      : gnutls_x509_crt_list_import_url(&chain.crts,
				    &chain.count, plain, on_pin, &bytes, 0);
	if (error >= 0 && append_chain(pem, &chain) < 0)
		error = GNUTLS_E_MEMORY_ERROR;
	if (error < 0)
		(void)refuse(error, &bytes, "certificate", e);
	free(plain);
	file_bytes_free(&bytes);
	tls_chain_free(&chain);
	return error < 0 ? -1 : 0;
}
