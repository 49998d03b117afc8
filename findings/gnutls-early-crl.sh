#!/bin/sh
# A list of revoked certificates from a clock that is ahead stops OpenSSL alone.
#
# When the authority's clock is ahead, its new list begins in the future (RFC
# 5280, 5.1.2.4). OpenSSL 3.0.20 and 3.5.9 refuse every certificate of that
# authority until then. GnuTLS 3.7.9 and 3.8.9 have a status for such a list
# (GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE), but certtool says nothing, and
# has the list in force at once. So one kind of server lets in nobody where the
# other goes on.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain good "" "" "$CLIENT"
cat >"$dir/template" <<EOT
crl_number = 1
crl_this_update_date = "$(date -u -d 'now + 1 hour' '+%F %T') UTC"
crl_next_update_date = "$(date -u -d 'now + 30 days' '+%F %T') UTC"
EOT
openssl req -new -key "$dir/good/leaf.key" -subj /CN=revoked \
	-out "$dir/good/revoked.csr"
openssl x509 -req -in "$dir/good/revoked.csr" -CA "$dir/good/ca.pem" \
	-CAkey "$dir/good/ca.key" -set_serial 9 -days 30 \
	-out "$dir/good/revoked.pem" 2>/dev/null

# gnutls_status SUITE NAME, openssl_status SUITE NAME: what they say of a certificate of the authority.
gnutls_status()
{
	run "$1" certtool --verify --infile "$dir/good/$2.pem" --load-crl \
		"$dir/crl.pem" --load-ca-certificate "$dir/good/ca.pem" 2>&1 |
		sed -n 's/^Chain verification output: //p' |
		grep -oE 'is trusted|is revoked'
}

openssl_status()
{
	run "$1" openssl verify -partial_chain -trusted "$dir/good/ca.pem" \
		-crl_check -CRLfile "$dir/crl.pem" "$dir/good/$2.pem" 2>&1 |
		sed -n -e 's/.*OK$/is trusted/p' -e 's/.*lookup: //p' |
		head -n 1
}

for suite in bookworm trixie; do
	run $suite certtool --generate-crl --template "$dir/template" \
		--load-ca-privkey "$dir/good/ca.key" \
		--load-ca-certificate "$dir/good/ca.pem" \
		--load-certificate "$dir/good/revoked.pem" \
		--outfile "$dir/crl.pem" 2>/dev/null
	expect "$suite, GnuTLS" "is trusted" "$(gnutls_status $suite leaf)"
	expect "$suite, GnuTLS, revoked" "is revoked" \
		"$(gnutls_status $suite revoked)"
	expect "$suite, OpenSSL" "CRL is not yet valid" \
		"$(openssl_status $suite leaf)"
done
