/* allow: matches certificates with rules; see the header. */
#include "common/x509/allow.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/lines.h"
#include "common/x509/allow_rule.h"

struct tls_allow {
	size_t count;
	struct tls_allow_rule *rules; /* sorted */
	bool uses[TLS_ALLOW_RULE_KINDS];
};

static int
compare(const void *a, const void *b)
{
	const struct tls_allow_rule *x = a;
	const struct tls_allow_rule *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return memcmp(x->value, y->value, x->size);
}

static bool
has(const struct tls_allow *rules, enum tls_allow_rule_kind kind,
    const uint8_t *value, size_t size)
{
	struct tls_allow_rule wanted = { kind, size,
		(uint8_t *)(uintptr_t)value };

	return bsearch(&wanted, rules->rules, rules->count, sizeof wanted,
		   compare) != NULL;
}

/* The rule of a line: a word, blanks, a value. */
static int
parse_line(struct tls_allow_rule *rule, const char *line, size_t size,
    struct errmsg *e)
{
	size_t word = 0;
	size_t value;

	while (word < size && !lines_is_blank(line[word]))
		word++;
	value = word;
	while (value < size && lines_is_blank(line[value]))
		value++;
	return tls_allow_rule_parse(
	    rule, line, word, line + value, size - value, e);
}

static int
add_rule(
    struct tls_allow *r, const struct tls_allow_rule *rule, struct errmsg *e)
{
	struct tls_allow_rule copy = *rule;

	ASSERT(rule->kind < TLS_ALLOW_RULE_KINDS);
	copy.value = malloc(rule->size);
	if (copy.value == NULL)
		return errmsg_set(e, "out of memory");
	memcpy(copy.value, rule->value, rule->size);
	r->rules[r->count++] = copy;
	r->uses[copy.kind] = true;
	return 0;
}

static size_t
count_lines(const char *text, size_t size)
{
	size_t count = 1;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	return count;
}

static int
parse_lines(struct tls_allow *r, const char *text, size_t size,
    const char *origin, struct errmsg *e)
{
	uint8_t value[TLS_ALLOW_RULE_VALUE];
	struct tls_allow_rule rule = { .value = value };
	struct lines lines = lines_of(text, size);

	while (lines_next(&lines))
		if (parse_line(&rule, lines.line, lines.size, e) < 0 ||
		    add_rule(r, &rule, e) < 0)
			return errmsg_prepend(
			    e, "%s:%zu", origin, lines.number);
	return 0;
}

int
tls_allow_parse(struct tls_allow **rules, const char *text, size_t size,
    const char *origin, struct errmsg *e)
{
	struct tls_allow *r = calloc(1, sizeof *r);

	if (r != NULL)
		r->rules = calloc(count_lines(text, size), sizeof *r->rules);
	if (r == NULL || r->rules == NULL) {
		tls_allow_free(&r);
		return errmsg_set(e, "%s: out of memory", origin);
	}
	if (parse_lines(r, text, size, origin, e) < 0) {
		tls_allow_free(&r);
		return -1;
	}
	qsort(r->rules, r->count, sizeof *r->rules, compare);
	*rules = r;
	return 0;
}

void
tls_allow_free(struct tls_allow **rules)
{
	struct tls_allow *r = *rules;

	*rules = NULL;
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->rules[i].value);
	free(r->rules);
	free(r);
}

size_t
tls_allow_count(const struct tls_allow *rules)
{
	return rules->count;
}

/*
 * A name that GnuTLS cannot read, such as one with an embedded NUL, matches
 * nothing and ends the search: it might have been the last, which counts.
 */
static bool
allows_cn(const struct tls_allow *rules, gnutls_x509_crt_t leaf)
{
	char name[TLS_ALLOW_RULE_VALUE + 1];
	bool allowed = false;
	size_t size = sizeof name;
	int error;

	for (unsigned i = 0;
	     (error = gnutls_x509_crt_get_dn_by_oid(
		  leaf, GNUTLS_OID_X520_COMMON_NAME, i, 0, name, &size)) >= 0;
	     i++) {
		allowed = has(rules, TLS_ALLOW_RULE_CN, (uint8_t *)name, size);
		size = sizeof name;
	}
	return allowed && error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

static bool
allows_key(const struct tls_allow *rules, gnutls_x509_crt_t leaf)
{
	uint8_t key[TLS_ALLOW_RULE_PIN];
	size_t size = sizeof key;

	return gnutls_x509_crt_get_key_id(
		   leaf, GNUTLS_KEYID_USE_SHA256, key, &size) >= 0 &&
	    has(rules, TLS_ALLOW_RULE_KEY, key, size);
}

/* The name, or it with * for its first label. */
static bool
allows_dns_name(const struct tls_allow *rules, const gnutls_datum_t *san)
{
	uint8_t name[TLS_SAN_DNS_MAX];
	uint8_t *dot;

	if (san->size > sizeof name)
		return false;
	memcpy(name, san->data, san->size);
	tls_allow_rule_lower(name, san->size);
	if (has(rules, TLS_ALLOW_RULE_DNS_NAME, name, san->size))
		return true;
	dot = memchr(name, '.', san->size);
	if (dot == NULL || !tls_san_is_dns_name((const char *)name, san->size))
		return false;
	dot[-1] = '*';
	return has(rules, TLS_ALLOW_RULE_DNS_NAME, dot - 1,
	    san->size - (size_t)(dot - 1 - name));
}

/* The URI, or all of its trust domain. */
static bool
allows_uri(
    const struct tls_allow *rules, const gnutls_datum_t *san, bool is_only)
{
	uint8_t pattern[TLS_ALLOW_RULE_VALUE];
	size_t domain = tls_allow_rule_trust_domain(san->data, san->size);

	if (domain > 0 && !is_only)
		return false;
	if (has(rules, TLS_ALLOW_RULE_URI, san->data, san->size))
		return true;
	if (domain == 0 || domain == san->size || san->size > sizeof pattern)
		return false;
	memcpy(pattern, san->data, domain);
	pattern[domain] = '*';
	return has(rules, TLS_ALLOW_RULE_URI, pattern, domain + 1);
}

static bool
allows_name(const struct tls_allow *rules, unsigned type,
    const gnutls_datum_t *san, bool is_only_uri)
{
	switch (type) {
	case GNUTLS_SAN_DNSNAME:
		return allows_dns_name(rules, san);
	case GNUTLS_SAN_URI:
		return allows_uri(rules, san, is_only_uri);
	case GNUTLS_SAN_RFC822NAME:
		return has(rules, TLS_ALLOW_RULE_EMAIL, san->data, san->size);
	case GNUTLS_SAN_IPADDRESS:
		return has(rules, TLS_ALLOW_RULE_ADDRESS, san->data, san->size);
	default:
		return false;
	}
}

static bool
allows_any_name(const struct tls_allow *rules, gnutls_subject_alt_names_t names)
{
	gnutls_datum_t san;
	unsigned type;
	unsigned uris = 0;

	for (unsigned i = 0;
	     gnutls_subject_alt_names_get(names, i, &type, &san, NULL) >= 0;
	     i++)
		uris += type == GNUTLS_SAN_URI;
	for (unsigned i = 0;
	     gnutls_subject_alt_names_get(names, i, &type, &san, NULL) >= 0;
	     i++)
		if (allows_name(rules, type, &san, uris == 1))
			return true;
	return false;
}

static bool
allows_san(const struct tls_allow *rules, gnutls_x509_crt_t leaf)
{
	gnutls_subject_alt_names_t names;
	gnutls_datum_t extension;
	bool allowed;

	if (gnutls_x509_crt_get_extension_by_oid2(
		leaf, GNUTLS_X509EXT_OID_SAN, 0, &extension, NULL) < 0)
		return false;
	if (gnutls_subject_alt_names_init(&names) < 0) {
		gnutls_free(extension.data);
		return false;
	}
	allowed = gnutls_x509_ext_import_subject_alt_names(
		      &extension, names, 0) >= 0 &&
	    allows_any_name(rules, names);
	gnutls_subject_alt_names_deinit(names);
	gnutls_free(extension.data);
	return allowed;
}

bool
tls_allow_matches(const struct tls_allow *rules, gnutls_x509_crt_t leaf)
{
	const bool *uses = rules->uses;

	if (rules->count == 0)
		return true;
	if (leaf == NULL)
		return false;
	if (uses[TLS_ALLOW_RULE_CN] && allows_cn(rules, leaf))
		return true;
	if ((uses[TLS_ALLOW_RULE_DNS_NAME] || uses[TLS_ALLOW_RULE_URI] ||
		uses[TLS_ALLOW_RULE_EMAIL] || uses[TLS_ALLOW_RULE_ADDRESS]) &&
	    allows_san(rules, leaf))
		return true;
	return uses[TLS_ALLOW_RULE_KEY] && allows_key(rules, leaf);
}

int
tls_allow_append(struct file_bytes *text, const char *kind, const char *value,
    struct errmsg *e)
{
	uint8_t parsed[TLS_ALLOW_RULE_VALUE];
	struct tls_allow_rule rule = { .value = parsed };
	size_t kind_size = strlen(kind);
	size_t value_size = strlen(value);
	char line[sizeof "san \n" + TLS_ALLOW_RULE_VALUE];
	int size;

	if (tls_allow_rule_parse(&rule, kind, kind_size, value, value_size, e) <
	    0)
		return -1;
	size = snprintf(line, sizeof line, "%s %s\n", kind, value);
	if (file_bytes_append(text, line, (size_t)size) < 0)
		return errmsg_set(e, "out of memory");
	return 0;
}
