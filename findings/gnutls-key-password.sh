#!/bin/sh
# The password of a private key, where it has an a and a combining diaeresis.
#
# OpenSSL 3.0.20 and 3.5.9 take the bytes of a password as they are. GnuTLS 3.7.9
# and 3.8.9 normalize them first (RFC 7613, which makes one character of the two),
# also where it is a file of OpenSSL's that they open: they call the right
# password wrong.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls

# openssl_makes PASSWORD: server.key, encrypted: PKCS#8, and the older form.
openssl_makes()
{
	openssl pkcs8 -topk8 -in "$dir/server.key" -v2 aes-256-cbc \
		-passout "pass:$1" -out "$dir/pkcs8"
	openssl ec -in "$dir/server.key" -aes128 -passout "pass:$1" \
		-out "$dir/older" 2>/dev/null
}

# gnutls_opens SUITE FILE PASSWORD: the key's algorithm, or why there is no key.
gnutls_opens()
{
	run "$1" certtool --key-info --infile "$dir/$2" --password "$3" \
		>"$dir/said" 2>&1 || :
	grep -oE 'Algorithm: .*|Decryption has failed' "$dir/said" |
		head -n 1
}

two=$(printf 'pa\314\210ss')
one=$(printf 'p\303\244ss')
for suite in bookworm trixie; do
	for file in pkcs8 older; do
		openssl_makes "$two"
		expect "$suite, $file, two characters" "Decryption has failed" \
			"$(gnutls_opens $suite $file "$two")"
		openssl_makes "$one"
		expect "$suite, $file, one character" "Algorithm: EC/ECDSA" \
			"$(gnutls_opens $suite $file "$one")"
	done
done
