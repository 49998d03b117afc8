#!/bin/sh
# Which critical extensions are "unknown" differs in both directions.
#
# A critical issuerAltName is unusual and allowed (RFC 5280, 4.2.1.7, only
# recommends otherwise). GnuTLS 3.7.9 and 3.8.9 accept it, OpenSSL 3.0.20 and
# 3.5.9 do not handle it. The old nsCertType, often critical in certificates of
# long-lived private authorities, is the other way round.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain issuer "" "" "$CLIENT
issuerAltName=critical,DNS:ca.example.test"
make_chain netscape "" "" "$CLIENT
nsCertType=critical,client"
for suite in bookworm trixie; do
	expect "$suite, issuerAltName, GnuTLS" accepted \
		"$(gnutls_says $suite issuer)"
	expect "$suite, issuerAltName, OpenSSL" \
		"unhandled critical extension" "$(openssl_says $suite issuer)"
	expect "$suite, nsCertType, GnuTLS" \
		"The certificate contains an unknown critical extension" \
		"$(gnutls_says $suite netscape)"
	expect "$suite, nsCertType, OpenSSL" accepted \
		"$(openssl_says $suite netscape)"
done
