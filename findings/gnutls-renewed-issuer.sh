#!/bin/sh
# A chain with two certificates of one authority, of the same name and key, of
# which the first has expired, as servers and clients send that kept the old one.
#
# RFC 4158 (2.4.2) wants software to look for another path. OpenSSL 3.0.20 and
# 3.5.9 do; GnuTLS 3.7.9 and 3.8.9 take the first of the name, and find that it
# has expired.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain twice "" "" "$CLIENT"
(
	cd "$dir/twice"
	: >index.txt
	echo 05 >serial
	cat >>openssl.cnf <<EOT
[old]
database=index.txt
serial=serial
new_certs_dir=.
default_md=sha256
policy=policy
[policy]
commonName=supplied
EOT
	openssl ca -batch -notext -config openssl.cnf -name old -in ca.csr \
		-cert root.pem -keyfile root.key -extensions ca \
		-startdate 20200101000000Z -enddate 20210101000000Z \
		-out old.pem 2>/dev/null
)
cp "$dir/twice/ca.pem" "$dir/twice/new.pem"
cat "$dir/twice/old.pem" "$dir/twice/new.pem" >"$dir/twice/ca.pem"
cat "$dir/twice/leaf.pem" "$dir/twice/ca.pem" >"$dir/twice/chain.pem"

for suite in bookworm trixie; do
	expect "$suite, OpenSSL" accepted "$(openssl_says $suite twice)"
	expect "$suite, GnuTLS" \
		"The certificate chain uses expired certificate" \
		"$(gnutls_says $suite twice)"
done
