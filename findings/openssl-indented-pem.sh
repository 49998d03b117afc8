#!/bin/sh
# OpenSSL does not see a PEM certificate that is indented, and may not say so.
#
# What is cut out of a YAML file keeps its leading spaces. GnuTLS 3.7.9 and 3.8.9
# read such a certificate; RFC 7468 (section 2) would have parsers ignore white
# space. OpenSSL 3.0.20 and 3.5.9 look for "-----BEGIN" at the start of a line:
# a file of roots in which one certificate is indented loads without a word, and
# then the chains below that one are refused.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain one "" "" "$CLIENT"
make_chain two "" "" "$CLIENT"
sed 's/^/    /' "$dir/two/root.pem" >"$dir/two/indented.pem"
cat "$dir/one/root.pem" "$dir/two/indented.pem" >"$dir/roots.pem"
cp "$dir/roots.pem" "$dir/one/root.pem"
cp "$dir/roots.pem" "$dir/two/root.pem"
for suite in bookworm trixie; do
	for name in one two; do
		expect "$suite, GnuTLS, $name" accepted \
			"$(gnutls_says $suite $name)"
	done
	expect "$suite, OpenSSL, one" accepted "$(openssl_says $suite one)"
	expect "$suite, OpenSSL, two" \
		"unable to get local issuer certificate" \
		"$(openssl_says $suite two)"
done
