#!/bin/sh
# An EC private key without its public half, which is optional (RFC 5915, 3).
#
# Java writes all of its EC keys so, and openssl ec -no_public. OpenSSL 3.0.20
# and 3.5.9 compute the public half; GnuTLS 3.7.9 and 3.8.9 refuse the key, and
# when it is encrypted, with the words of a wrong password.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls
openssl ec -in "$dir/server.key" -no_public -out "$dir/bare.key" 2>/dev/null
openssl pkcs8 -topk8 -in "$dir/bare.key" -v2 aes-256-cbc \
	-passout pass:secret -out "$dir/encrypted.key"

for suite in bookworm trixie; do
	expect "$suite, OpenSSL" "Key is valid" \
		"$(run $suite openssl pkey -in "$dir/bare.key" -check -noout)"
	run $suite certtool --key-info --infile "$dir/bare.key" \
		>"$dir/said" 2>&1 || :
	expect "$suite, GnuTLS" "import error: ASN1" \
		"$(grep -oE 'import error: [A-Za-z0-9]+' "$dir/said" | head -n 1)"
	run $suite certtool --key-info --pkcs8 --password secret \
		--infile "$dir/encrypted.key" >"$dir/said" 2>&1 || :
	expect "$suite, GnuTLS, encrypted" "Decryption has failed" \
		"$(grep -o 'Decryption has failed' "$dir/said" | head -n 1)"
done
