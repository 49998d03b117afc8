/* allow_rule: reads one rule; see the header. */
#include "common/x509/allow_rule.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <string.h>

static const char pin_prefix[] = "sha256:";
static const char spiffe[] = "spiffe://";

enum {
	LABEL_MAX = 63,  /* RFC 1035, 2.3.4 */
	PIN_BASE64 = 44, /* of 32 bytes */
	PIN_DIGITS = 64, /* in hexadecimal, */
	PIN_COLONS = 95, /* and with a colon between bytes */
};

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

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
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Each byte in two digits; in step 3 there is a colon between them. */
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

static bool
is_label(const uint8_t *label, size_t size)
{
	if (size == 0 || size > LABEL_MAX)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!is_letter(label[i]) && !is_digit(label[i]) &&
		    label[i] != '-' && label[i] != '_')
			return false;
	return true;
}

bool
tls_allow_rule_is_dns_name(const uint8_t *name, size_t size)
{
	const uint8_t *dot;

	if (size > TLS_ALLOW_RULE_DNS)
		return false;
	while ((dot = memchr(name, '.', size)) != NULL) {
		if (!is_label(name, (size_t)(dot - name)))
			return false;
		size -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	return is_label(name, size);
}

static int
parse_dns_name(struct tls_allow_rule *rule, struct errmsg *e)
{
	const uint8_t *name = rule->value;
	size_t size = rule->size;

	tls_allow_rule_lower(rule->value, rule->size);
	if (size >= 2 && name[0] == '*' && name[1] == '.') {
		name += 2;
		size -= 2;
	}
	if (memchr(name, '*', size) != NULL)
		return errmsg_set(e,
		    "* may only be the whole first label, with a name behind "
		    "it: *.example.org");
	if (rule->size > TLS_ALLOW_RULE_DNS ||
	    !tls_allow_rule_is_dns_name(name, size))
		return errmsg_set(e,
		    "is no DNS name: labels of 1 to 63 letters, digits, - and "
		    "_, no dot at the end, other scripts as xn--...");
	rule->kind = TLS_ALLOW_RULE_DNS_NAME;
	return 0;
}

/* RFC 3986, 3.1. */
static bool
has_scheme(const uint8_t *uri, size_t size)
{
	size_t i = 0;

	while (i < size &&
	    (is_letter(uri[i]) ||
		(i > 0 && (is_digit(uri[i]) || strchr("+-.", uri[i])))))
		i++;
	return i > 0 && i + 1 < size && uri[i] == ':';
}

static int
parse_uri(struct tls_allow_rule *rule, struct errmsg *e)
{
	const uint8_t *star = memchr(rule->value, '*', rule->size);
	size_t domain = tls_allow_rule_trust_domain(rule->value, rule->size);

	if (!has_scheme(rule->value, rule->size) ||
	    memchr(rule->value, ' ', rule->size) != NULL)
		return errmsg_set(e, "is no URI: scheme:..., without blanks");
	if (star != NULL &&
	    (domain == 0 || star != rule->value + domain ||
		rule->size != domain + 1))
		return errmsg_set(e,
		    "* may only be all of the path of a SPIFFE ID: "
		    "spiffe://example.org/*");
	rule->kind = TLS_ALLOW_RULE_URI;
	return 0;
}

static int
parse_email(struct tls_allow_rule *rule, struct errmsg *e)
{
	const uint8_t *at = memrchr(rule->value, '@', rule->size);

	if (at == rule->value || at + 1 == rule->value + rule->size ||
	    memchr(rule->value, '*', rule->size) != NULL ||
	    memchr(rule->value, ' ', rule->size) != NULL)
		return errmsg_set(
		    e, "is no email address: name@host, without blanks and *");
	rule->kind = TLS_ALLOW_RULE_EMAIL;
	return 0;
}

static bool
parse_address(struct tls_allow_rule *rule)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t address[16];

	if (rule->size >= sizeof text)
		return false;
	memcpy(text, rule->value, rule->size);
	text[rule->size] = '\0';
	if (inet_pton(AF_INET, text, address) == 1)
		rule->size = 4;
	else if (inet_pton(AF_INET6, text, address) == 1)
		rule->size = 16;
	else
		return false;
	memcpy(rule->value, address, rule->size);
	rule->kind = TLS_ALLOW_RULE_ADDRESS;
	return true;
}

static int
parse_san(struct tls_allow_rule *rule, struct errmsg *e)
{
	if (parse_address(rule))
		return 0;
	if (memchr(rule->value, ':', rule->size) != NULL)
		return parse_uri(rule, e);
	if (memchr(rule->value, '@', rule->size) != NULL)
		return parse_email(rule, e);
	return parse_dns_name(rule, e);
}

/* What holds for all kinds. */
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

	if (!is_cn && !is_san && !is_pin)
		return errmsg_set(e, "a rule begins with cn, san or pin");
	if (check_text(bytes, size, e) < 0)
		return -1;
	if (is_pin)
		return parse_pin(rule, bytes, size, e);
	memcpy(rule->value, bytes, size);
	rule->size = size;
	rule->kind = TLS_ALLOW_RULE_CN;
	return is_san ? parse_san(rule, e) : 0;
}
