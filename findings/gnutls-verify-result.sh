#!/bin/sh
# A good signature is 0 in one GnuTLS, and 1 in the next.
#
# GnuTLS' manual lets functions that verify a signature return "zero or positive
# code on success". In 3.7.9 gnutls_pubkey_verify_hash2 returns 0, and programs that
# compare with 0 have worked; in 3.8.9 it returns 1, and such a program takes every
# good signature for a bad one. gnutls_pubkey_verify_data2 returns 0 in both. Only a
# negative code says that a signature is bad.
#
# A program of few lines is compiled with this machine's compiler and GnuTLS
# headers.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
cat >"$dir/verify.c" <<'EOT'
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>

/* What verifying the data, and its hash, returns. */
static void
verify(gnutls_pk_algorithm_t pk, unsigned bits, gnutls_sign_algorithm_t sign)
{
	unsigned char digest[32] = { 1, 2, 3 };
	gnutls_datum_t hash = { digest, sizeof digest };
	gnutls_datum_t signature = { NULL, 0 };
	gnutls_privkey_t key;
	gnutls_pubkey_t public_key;

	gnutls_privkey_init(&key);
	gnutls_pubkey_init(&public_key);
	if (gnutls_privkey_generate(key, pk, bits, 0) < 0 ||
	    gnutls_pubkey_import_privkey(public_key, key, 0, 0) < 0 ||
	    gnutls_privkey_sign_data2(key, sign, 0, &hash, &signature) < 0)
		return;
	printf("%s: data %d", gnutls_sign_get_name(sign),
	    gnutls_pubkey_verify_data2(public_key, sign, 0, &hash, &signature));
	if (pk != GNUTLS_PK_EDDSA_ED25519 &&
	    gnutls_privkey_sign_hash2(key, sign, 0, &hash, &signature) == 0)
		printf(", hash %d", gnutls_pubkey_verify_hash2(public_key, sign,
					0, &hash, &signature));
	printf("; ");
}

int
main(void)
{
	verify(GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
	    GNUTLS_SIGN_ECDSA_SHA256);
	verify(GNUTLS_PK_RSA, 2048, GNUTLS_SIGN_RSA_SHA256);
	verify(GNUTLS_PK_RSA, 2048, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256);
	verify(GNUTLS_PK_EDDSA_ED25519, 0, GNUTLS_SIGN_EDDSA_ED25519);
	printf("\n");
	return 0;
}
EOT
gcc -o "$dir/verify" "$dir/verify.c" -lgnutls
for suite in bookworm trixie; do
	cp "$dir/verify" "$dir/$suite/usr/bin"
done

rsa_and_ecdsa()
{
	for name in ECDSA-SHA256 RSA-SHA256 RSA-PSS-RSAE-SHA256; do
		printf '%s: data 0, hash %d; ' $name "$1"
	done
}

for suite in bookworm trixie; do
	[ $suite = bookworm ] && hash=0 || hash=1
	expect $suite "$(rsa_and_ecdsa "$hash")EdDSA-Ed25519: data 0; " \
		"$(run $suite verify)"
done
