/* params: GnuTLS's numbers as ours; see the header. */
#include "common/tls/params.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/support.h"
#include "common/tls/private.h"

static enum tls_version
version_of(unsigned protocol)
{
	switch (protocol) {
	case GNUTLS_TLS1_3:
		return TLS_VERSION_1_3;
	case GNUTLS_TLS1_2:
		return TLS_VERSION_1_2;
	default:
		return TLS_VERSION_OTHER;
	}
}

static enum tls_suite
suite_of(unsigned cipher)
{
	switch (cipher) {
	case GNUTLS_CIPHER_AES_256_GCM:
		return TLS_SUITE_AES_256_GCM;
	case GNUTLS_CIPHER_AES_128_GCM:
		return TLS_SUITE_AES_128_GCM;
	case GNUTLS_CIPHER_CHACHA20_POLY1305:
		return TLS_SUITE_CHACHA20;
	default:
		return TLS_SUITE_OTHER;
	}
}

/* By the names that GnuTLS has for them, from 3.8.8 on: older ones have none,
 * and the numbers of newer ones cannot be compiled in. */
static enum tls_group
hybrid_of(const char *name)
{
	if (name == NULL)
		return TLS_GROUP_OTHER;
	if (strcmp(name, "X25519-MLKEM768") == 0)
		return TLS_GROUP_X25519_MLKEM768;
	return strstr(name, "MLKEM") != NULL || strstr(name, "KYBER") != NULL
	    ? TLS_GROUP_HYBRID_OTHER
	    : TLS_GROUP_OTHER;
}

static enum tls_group
group_of(unsigned group)
{
	switch (group) {
	case GNUTLS_GROUP_X25519:
		return TLS_GROUP_X25519;
	case GNUTLS_GROUP_SECP256R1:
		return TLS_GROUP_SECP256R1;
	case GNUTLS_GROUP_SECP384R1:
		return TLS_GROUP_SECP384R1;
	case GNUTLS_GROUP_SECP521R1:
		return TLS_GROUP_SECP521R1;
	default:
		return hybrid_of(gnutls_group_get_name((gnutls_group_t)group));
	}
}

struct tls_params
tls_params_read(const struct tls *tls)
{
	ASSERT(tls->established);
	return (struct tls_params){
		.version = version_of(tls->agreed.version),
		.suite = suite_of(tls->agreed.cipher),
		.group = group_of(tls->agreed.group),
		.alpn = tls->agreed.alpn != NULL,
	};
}

struct tls_code_points
tls_params_code_points(const struct tls *tls)
{
	const struct tls_agreed *a = &tls->agreed;

	ASSERT(tls->established);
	return (struct tls_code_points){
		.version = tls_number_of_version(a->version),
		.suite =
		    tls_number_of_suite(a->version, a->kx, a->cipher, a->mac),
		.group = tls_number_of_group(a->group),
	};
}

static const char *
or_none(const char *name)
{
	return name != NULL ? name : "none";
}

struct tls_names
tls_params_names(const struct tls *tls)
{
	const struct tls_agreed *a = &tls->agreed;
	const char *group = or_none(gnutls_group_get_name(a->group));

	ASSERT(tls->established);
	return (struct tls_names){
		.version = or_none(gnutls_protocol_get_name(a->version)),
		.suite = or_none(gnutls_cipher_get_name(a->cipher)),
		.group = group,
		.signature = or_none(gnutls_sign_get_name(a->sign)),
		.is_post_quantum = strstr(group, "MLKEM") != NULL,
		.alpn = or_none(a->alpn),
	};
}
