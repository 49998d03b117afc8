#!/bin/sh
# A certificate "for any purpose" is no client's, says OpenSSL.
#
# A certificate whose only extended key usage is anyExtendedKeyUsage (RFC 5280,
# 4.2.1.12: an application may refuse it) is a client's to GnuTLS 3.7.9 and
# 3.8.9. OpenSSL 3.0.20 and 3.5.9, and so nginx, haproxy and stunnel, refuse it
# as one; with clientAuth beside it they take it.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain any "" "" "keyUsage=critical,digitalSignature
extendedKeyUsage=anyExtendedKeyUsage"
make_chain both "" "" "$CLIENT,anyExtendedKeyUsage"
for suite in bookworm trixie; do
	expect "$suite, any alone, GnuTLS" accepted "$(gnutls_says $suite any)"
	expect "$suite, any alone, OpenSSL" "unsuitable certificate purpose" \
		"$(openssl_says $suite any)"
	expect "$suite, any and client, OpenSSL" accepted \
		"$(openssl_says $suite both)"
done
