#!/bin/sh
# Without a certificate, a client of a GnuTLS server is told "decode error".
#
# Under TLS 1.2 a server that demands a certificate and is shown none should say
# handshake_failure (RFC 5246, 7.4.6), and OpenSSL's does. One with GnuTLS 3.7.9
# or 3.8.9 sends decode_error, which is for messages that cannot be parsed and
# which clients report as a fault of the protocol. Under TLS 1.3 both send
# certificate_required.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls
connect()
{
	{ echo hello; sleep 1; } | run "$1" openssl s_client -quiet \
		-no_ign_eof "-$3" -connect 127.0.0.1:"$2" >"$dir/said" 2>&1 || :
	grep -oE 'alert [a-z ]+' "$dir/said" | head -n 1
}

port=21720
for suite in bookworm trixie; do
	port=$((port + 2))
	serve $suite gnutls-serv -p $port --echo --require-client-cert \
		--x509cafile "$dir/server.pem" \
		--x509certfile "$dir/server.pem" \
		--x509keyfile "$dir/server.key"
	serve_at $((port + 1)) $suite openssl s_server -quiet -Verify 1 \
		-accept 127.0.0.1:$((port + 1)) \
		-cert "$dir/server.pem" -key "$dir/server.key"
	expect "$suite, TLS 1.2, GnuTLS" "alert decode error" \
		"$(connect $suite $port tls1_2)"
	expect "$suite, TLS 1.2, OpenSSL" "alert handshake failure" \
		"$(connect $suite $((port + 1)) tls1_2)"
	for server in $port $((port + 1)); do
		expect "$suite, TLS 1.3, port $server" \
			"alert certificate required" \
			"$(connect $suite $server tls1_3)"
	done
done
