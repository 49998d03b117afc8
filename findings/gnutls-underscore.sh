#!/bin/sh
# A GnuTLS server hangs up on whoever asks for a name with an underscore.
#
# Hosts of container networks are often called such as "my_service", and a
# certificate may bear the name. A client that puts it into server_name (RFC
# 6066, 3), as all do by themselves, is refused by servers with GnuTLS 3.7.9 and
# 3.8.9 with "illegal parameter", whatever their certificates say, under TLS 1.2
# and 1.3. Names that no certificate bears are fine, and so are an IP address
# and an empty label, which RFC 6066 forbids; OpenSSL's servers take them all.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls

# connect SUITE PORT VERSION NAME: "accepted", or the server's alert.
connect()
{
	run "$1" openssl s_client -connect 127.0.0.1:"$2" "-$3" \
		-servername "$4" </dev/null >"$dir/said" 2>&1 || :
	sed -nE -e 's/.*:[^:]*(alert [a-z ]*[a-z]):.*/\1/p' \
		-e 's/.*Cipher is [A-Z].*/accepted/p' "$dir/said" | head -n 1
}

port=21700
for suite in bookworm trixie; do
	port=$((port + 2))
	serve $suite gnutls-serv -p $port --echo \
		--x509certfile "$dir/server.pem" \
		--x509keyfile "$dir/server.key"
	serve_at $((port + 1)) $suite openssl s_server -quiet \
		-accept 127.0.0.1:$((port + 1)) \
		-cert "$dir/server.pem" -key "$dir/server.key"
	for version in tls1_2 tls1_3; do
		for name in other-name 127.0.0.1 my..service; do
			expect "$suite, $version, $name, GnuTLS" accepted \
				"$(connect $suite $port $version $name)"
		done
		expect "$suite, $version, my_service, GnuTLS" \
			"alert illegal parameter" \
			"$(connect $suite $port $version my_service)"
		expect "$suite, $version, my_service, OpenSSL" accepted \
			"$(connect $suite $((port + 1)) $version my_service)"
	done
done
