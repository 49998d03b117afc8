#!/bin/sh
# socat and ncat tell nobody that a TLS 1.3 server has refused them.
#
# Under TLS 1.3 a server judges the client's certificate after the client has
# finished its handshake (RFC 8446, 4.4.2.4): its alert comes with the first
# read. socat 1.7.4.4 and 1.8.0.3 and ncat 7.93 and 7.95 then end with exit
# status 0, so that a script takes a connection for good that was refused for
# want of a certificate. Under TLS 1.2 they fail, and so does gnutls-cli always.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch bookworm openssl=3.0.20-1~deb12u2 socat=1.7.4.4-2 \
	ncat=7.93+dfsg1-1 gnutls-bin=3.7.9-2+deb12u7
fetch trixie openssl=3.5.9-1~deb13u1 socat=1.8.0.3-1+deb13u1 \
	ncat=7.95+dfsg-3 gnutls-bin=3.8.9-3+deb13u4

# status SUITE PROGRAM ARGUMENT...: "fails" or "works", and what it says.
status()
{
	if { echo hello; sleep 1; } | run "$@" >"$dir/said" 2>&1; then
		echo works
	else
		echo fails
	fi
}

port=21300
for suite in bookworm trixie; do
	for version in 2 3; do
		port=$((port + 1))
		serve $suite openssl s_server -accept 127.0.0.1:$port -quiet \
			-cert "$dir/server.pem" -key "$dir/server.key" \
			-Verify 1 -verify_return_error -tls1_$version
		wanted=fails
		[ $version = 2 ] || wanted=works
		expect "$suite, TLS 1.$version, gnutls-cli" fails \
			"$(status $suite gnutls-cli -p $port \
				--x509cafile "$dir/server.pem" localhost)"
		expect "$suite, TLS 1.$version, socat" $wanted \
			"$(status $suite socat - \
			"OPENSSL:localhost:$port,cafile=$dir/server.pem")"
		expect "$suite, TLS 1.$version, ncat" $wanted \
			"$(status $suite ncat --ssl localhost $port)"
	done
done
