/*
 * fuzz_allow: rules of whatever the input holds, and a certificate with
 * whatever names it holds: `make fuzz ROLE=rules`.
 *
 * The input is rules, a NUL, a common name, a NUL, and a subjectAltName
 * extension in DER. All rules together must allow what any line of them does.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/lines.h"
#include "common/x509/allow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Bytes of the input, and those behind them. */
struct part {
	const uint8_t *bytes;
	size_t n;
};

/* Up to a NUL, which is taken as well, or all. */
static struct part
take(struct part *rest)
{
	const uint8_t *nul =
	    rest->n > 0 ? memchr(rest->bytes, '\0', rest->n) : NULL;
	struct part part = *rest;

	if (nul != NULL)
		part.n = (size_t)(nul - part.bytes);
	rest->bytes += part.n + (nul != NULL);
	rest->n -= part.n + (nul != NULL);
	return part;
}

/* Who writes names that GnuTLS refuses has a certificate without them. */
static gnutls_x509_crt_t
certificate(struct part names)
{
	struct part cn = take(&names);
	gnutls_x509_crt_t crt;

	ASSERT(gnutls_x509_crt_init(&crt) == 0);
	(void)gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
	    cn.n > 0 ? cn.bytes : (const uint8_t *)"", (unsigned)cn.n);
	if (names.n > 0)
		(void)gnutls_x509_crt_set_extension_by_oid(crt,
		    GNUTLS_X509EXT_OID_SAN, names.bytes, (unsigned)names.n, 0);
	return crt;
}

static struct tls_allow *
parse(const char *text, size_t n)
{
	struct tls_allow *rules = NULL;
	struct errmsg e;

	if (tls_allow_parse(&rules, text, n, "f", &e) == 0)
		return rules;
	ASSERT(strncmp(e.text, "f:", 2) == 0 && strchr(e.text, '\n') == NULL);
	return NULL;
}

/* Each line as if it was the only one. */
static bool
any_allows(struct part text, gnutls_x509_crt_t crt, size_t *count)
{
	struct lines lines = lines_of((const char *)text.bytes, text.n);
	bool allowed = false;

	for (*count = 0; lines_next(&lines); ++*count) {
		struct tls_allow *rule = parse(lines.line, lines.size);

		ASSERT(rule != NULL && tls_allow_count(rule) == 1);
		allowed = tls_allow_matches(rule, crt) || allowed;
		tls_allow_free(&rule);
	}
	return allowed;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct part rest = { bytes, n };
	struct part text = take(&rest);
	struct tls_allow *rules = parse((const char *)text.bytes, text.n);
	gnutls_x509_crt_t crt;
	size_t count;
	bool allowed;

	if (rules == NULL)
		return 0;
	crt = certificate(rest);
	allowed = any_allows(text, crt, &count);
	ASSERT(tls_allow_count(rules) == count);
	ASSERT(tls_allow_matches(rules, crt) == (allowed || count == 0));
	ASSERT(tls_allow_matches(rules, NULL) == (count == 0));
	gnutls_x509_crt_deinit(crt);
	tls_allow_free(&rules);
	return 0;
}
