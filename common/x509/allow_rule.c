/* allow_rule: reads one rule; see the header. */
#include "common/x509/allow_rule.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"

static const char pin_prefix[] = "sha256:";
static const char spiffe[] = "spiffe://";

enum {
	PIN_BASE64 = 44, /* of 32 bytes */
	PIN_DIGITS = 64, /* in hexadecimal, */
	PIN_COLONS = 95, /* and with a colon between bytes */
};

void
tls_allow_rule_lower(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (uint8_t)(bytes[i] + ('a' - 'A'));
}

size_t
tls_allow_rule_trust_domain(const uint8_t *uri, size_t size)
{
	size_t start = sizeof spiffe - 1;
	const uint8_t *slash;

	if (size < start || memcmp(uri, spiffe, start) != 0)
		return 0;
	slash = memchr(uri + start, '/', size - start);
	if (slash == NULL || slash == uri + start)
		return 0;
	return (size_t)(slash - uri) + 1;
}

/* -1: none. */
static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Two digits a byte; where step is 3, a colon stands between bytes. */
static bool
decode_hex(
    const uint8_t *text, size_t step, uint8_t key[static TLS_ALLOW_RULE_PIN])
{
	for (size_t i = 0; i < TLS_ALLOW_RULE_PIN; i++, text += step) {
		int high = hex_value(text[0]);
		int low = hex_value(text[1]);

		if (high < 0 || low < 0 ||
		    (step == 3 && i > 0 && text[-1] != ':'))
			return false;
		key[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
decode_base64(
    const uint8_t *text, size_t size, uint8_t key[static TLS_ALLOW_RULE_PIN])
{
	gnutls_datum_t in = { (unsigned char *)(uintptr_t)text,
		(unsigned)size };
	gnutls_datum_t out;
	bool fits;

	if (gnutls_base64_decode2(&in, &out) < 0)
		return false;
	fits = out.size == TLS_ALLOW_RULE_PIN;
	if (fits)
		memcpy(key, out.data, TLS_ALLOW_RULE_PIN);
	gnutls_free(out.data);
	return fits;
}

static int
parse_pin(struct tls_allow_rule *rule, const uint8_t *text, size_t size,
    struct errmsg *e)
{
	size_t prefix = sizeof pin_prefix - 1;
	bool good = false;

	if (size < prefix || memcmp(text, pin_prefix, prefix) != 0)
		return errmsg_set(e, "a pin begins with sha256:");
	text += prefix;
	size -= prefix;
	if (size == PIN_DIGITS)
		good = decode_hex(text, 2, rule->value);
	else if (size == PIN_COLONS)
		good = decode_hex(text, 3, rule->value);
	else if (size == PIN_BASE64)
		good = decode_base64(text, size, rule->value);
	if (!good)
		return errmsg_set(e,
		    "a pin is sha256: and 64 hexadecimal digits or 44 "
		    "characters of base64");
	rule->kind = TLS_ALLOW_RULE_KEY;
	rule->size = TLS_ALLOW_RULE_PIN;
	return 0;
}

/* In a URI, * is a wildcard here, though RFC 3986 allows it. */
static int
check_star(const struct tls_allow_rule *rule, struct errmsg *e)
{
	const uint8_t *star = memchr(rule->value, '*', rule->size);
	size_t domain = tls_allow_rule_trust_domain(rule->value, rule->size);

	if (star == NULL ||
	    (domain > 0 && star == rule->value + domain &&
		rule->size == domain + 1))
		return 0;
	return errmsg_set(e,
	    "* may only be all of the path of a SPIFFE ID: "
	    "spiffe://example.org/*");
}

static int
parse_san(struct tls_allow_rule *rule, const char *text, size_t size,
    struct errmsg *e)
{
	struct tls_san san;

	if (tls_san_parse(&san, text, size, e) < 0)
		return -1;
	rule->kind = (enum tls_allow_rule_kind)san.kind;
	rule->size = san.size;
	memcpy(rule->value,
	    san.kind == TLS_SAN_ADDRESS ? (const void *)san.address : text,
	    san.size);
	if (san.kind == TLS_SAN_DNS_NAME)
		tls_allow_rule_lower(rule->value, rule->size);
	return san.kind == TLS_SAN_URI ? check_star(rule, e) : 0;
}

/* What holds for cn, san and pin. */
static int
check_text(const uint8_t *text, size_t size, struct errmsg *e)
{
	if (size == 0)
		return errmsg_set(e, "is empty");
	if (size > TLS_ALLOW_RULE_VALUE)
		return errmsg_set(
		    e, "is longer than %d bytes", TLS_ALLOW_RULE_VALUE);
	if (text[0] == ' ' || text[size - 1] == ' ')
		return errmsg_set(e, "begins or ends with a blank");
	for (size_t i = 0; i < size; i++)
		if (text[i] < ' ' || text[i] == 0x7f)
			return errmsg_set(
			    e, "has a control byte (0x%02x)", text[i]);
	return 0;
}

int
tls_allow_rule_parse(struct tls_allow_rule *rule, const char *word,
    size_t word_size, const char *text, size_t size, struct errmsg *e)
{
	const uint8_t *bytes = (const uint8_t *)text;
	bool is_cn = word_size == 2 && memcmp(word, "cn", 2) == 0;
	bool is_san = word_size == 3 && memcmp(word, "san", 3) == 0;
	bool is_pin = word_size == 3 && memcmp(word, "pin", 3) == 0;

	ASSERT(rule->value != NULL);
	if (!is_cn && !is_san && !is_pin)
		return errmsg_set(e, "a rule begins with cn, san or pin");
	if (check_text(bytes, size, e) < 0)
		return -1;
	if (is_pin)
		return parse_pin(rule, bytes, size, e);
	if (is_san)
		return parse_san(rule, text, size, e);
	memcpy(rule->value, bytes, size);
	rule->size = size;
	rule->kind = TLS_ALLOW_RULE_CN;
	return 0;
}
