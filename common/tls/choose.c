/*
 * choose: which certificate a client sees: of those that bear the name that it
 * asks for, exactly or by a wildcard, or else of all, the first with a key that
 * it can use (RFC 8446, 4.4.2.2; RFC 5246, 7.4.1.4.1).
 */
#include "common/tls/hello.h"
#include "common/tls/private.h"

/* Under TLS 1.2 a cipher suite goes with some kinds of key only. */
static unsigned
keys_of_suites(const struct tls_support *own, const struct tls_hello *hello)
{
	unsigned keys = 0;

	for (unsigned i = 0; i < own->suites.count; i++)
		if (!own->is_tls13[i] &&
		    tls_numbers_have(&hello->suites, own->suites.of[i]))
			keys |= own->keys[i];
	return keys;
}

/* Those that sign, as a set of TLS_KEY_*. */
static unsigned
signing_keys(const struct tls_support *own, const struct tls_hello *hello)
{
	bool is_tls13 = tls_hello_gets_tls13(hello, own);
	unsigned keys =
	    tls_keys_of_schemes(&own->schemes, &hello->schemes, is_tls13);

	return is_tls13 ? keys : keys & keys_of_suites(own, hello);
}

/* Those that are encrypted to: the last resort. */
static unsigned
encryption_keys(const struct tls_support *own, const struct tls_hello *hello)
{
	return tls_hello_gets_tls13(hello, own)
	    ? 0
	    : keys_of_suites(own, hello) & TLS_KEY_RSA_ENCRYPTION;
}

/* -1: there is none. */
static int
find_match(const struct tls_creds *creds, const char *name,
    enum tls_choice_match wanted, unsigned keys)
{
	for (unsigned i = 0; i < creds->choice_count; i++) {
		const struct tls_choice *choice = &creds->choices[i];

		if ((choice->kinds & keys) != 0 &&
		    tls_choice_match(choice, name) >= wanted)
			return (int)i;
	}
	return -1;
}

static int
find(const struct tls_creds *creds, const char *name, unsigned keys)
{
	int found = find_match(creds, name, TLS_CHOICE_EXACT, keys);

	if (found < 0)
		found = find_match(creds, name, TLS_CHOICE_WILDCARD, keys);
	if (found < 0)
		found = find_match(creds, name, TLS_CHOICE_OTHER, keys);
	return found;
}

void
tls_choose(struct tls *tls)
{
	const struct tls_creds *creds = tls->gnutls->creds;
	const struct tls_hello *hello = tls->gnutls->hello;
	const struct tls_support *own = &creds->support;
	int found = find(creds, hello->name, signing_keys(own, hello));

	if (found < 0)
		found = find(creds, hello->name, encryption_keys(own, hello));
	/* None will do: GnuTLS finds that out, too, and says so. */
	tls_certified_key_set(
	    tls->gnutls->session, &creds->choices[found > 0 ? found : 0].own);
}
