#!/bin/sh
# What the root's own certificate says of purposes binds OpenSSL, not GnuTLS.
#
# RFC 5280 (6.1) validates a path against a trust anchor that is a name and a
# key. OpenSSL 3.0.20 and 3.5.9 apply the extended key usage in the root's
# certificate to everything below it: under a root for serverAuth no client is
# let in. GnuTLS 3.7.9 and 3.8.9 look at the certificates below the root only;
# in an intermediate authority both obey it.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain root "extendedKeyUsage=serverAuth" "" "$CLIENT"
make_chain middle "" "extendedKeyUsage=serverAuth" "$CLIENT"
for suite in bookworm trixie; do
	expect "$suite, root for servers, GnuTLS" accepted \
		"$(gnutls_says $suite root)"
	expect "$suite, root for servers, OpenSSL" \
		"unsuitable certificate purpose" "$(openssl_says $suite root)"
	expect "$suite, intermediate for servers, GnuTLS" \
		"The certificate chain does not match the intended purpose" \
		"$(gnutls_says $suite middle)"
	expect "$suite, intermediate for servers, OpenSSL" \
		"unsuitable certificate purpose" "$(openssl_says $suite middle)"
done
