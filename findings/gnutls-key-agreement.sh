#!/bin/sh
# Whether a key "for key agreement only" may sign a TLS 1.3 handshake.
#
# RFC 8446 (4.4.2.2) wants digitalSignature where a certificate has a key usage.
# A client's certificate that has keyAgreement alone, as authorities once gave
# to keys for ECDH, is let in by OpenSSL 3.0.20 and 3.5.9; GnuTLS 3.7.9 and
# 3.8.9 refuse it, and tell the client only of an "internal error" of theirs
# (alert 80), which sends whoever reads it looking at the server.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls
make_chain agree "" "" "keyUsage=critical,keyAgreement
extendedKeyUsage=clientAuth"
connect()
{
	{ echo hello; sleep 1; } | run "$1" openssl s_client -quiet \
		-no_ign_eof -cert "$dir/agree/leaf.pem" -tls1_3 \
		-key "$dir/agree/leaf.key" -cert_chain "$dir/agree/ca.pem" \
		-connect 127.0.0.1:"$2" >"$dir/said" 2>&1 || :
	grep -oE 'alert [a-z ]+|^hello' "$dir/said" | head -n 1
}

port=21400
for suite in bookworm trixie; do
	port=$((port + 2))
	serve $suite openssl s_server -accept 127.0.0.1:$port -rev -quiet \
		-cert "$dir/server.pem" -key "$dir/server.key" \
		-CAfile "$dir/agree/root.pem" -Verify 3 -verify_return_error
	expect "$suite, OpenSSL" "" "$(connect $suite $port)"
	expect "$suite, OpenSSL answers" olleh \
		"$(grep -o olleh "$dir/said")"
	port=$((port + 1))
	serve $suite gnutls-serv -p $port --echo --require-client-cert \
		--verify-client-cert --x509cafile "$dir/agree/root.pem" \
		--x509certfile "$dir/server.pem" \
		--x509keyfile "$dir/server.key"
	expect "$suite, GnuTLS" "alert internal error" \
		"$(connect $suite $port)"
done
