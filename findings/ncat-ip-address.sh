#!/bin/sh
# ncat cannot verify a server that is called by its IP address.
#
# A certificate may bear addresses (RFC 5280, 4.2.1.6), and socat and gnutls-cli
# of Debian 12 and 13 look for the address to which they connect among them.
# "ncat --ssl-verify" (7.93 and 7.95) compares DNS names only and refuses the
# server, saying no more than that there was an error; by its name it takes the
# same server.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout "$dir/server.key" -out "$dir/server.pem" -days 30 \
	-subj /CN=localhost 2>/dev/null \
	-addext subjectAltName=DNS:localhost,IP:127.0.0.1
fetch bookworm openssl=3.0.20-1~deb12u2 socat=1.7.4.4-2 \
	ncat=7.93+dfsg1-1 gnutls-bin=3.7.9-2+deb12u7
fetch trixie openssl=3.5.9-1~deb13u1 socat=1.8.0.3-1+deb13u1 \
	ncat=7.95+dfsg-3 gnutls-bin=3.8.9-3+deb13u4

# answer SUITE PROGRAM ARGUMENT...: the server's, or why there is none.
answer()
{
	{ echo hello; sleep 1; } | run "$@" >"$dir/said" 2>&1 || :
	grep -oE '^olleh|verification error' "$dir/said"
}

port=21780
for suite in bookworm trixie; do
	port=$((port + 1))
	serve_at $port $suite openssl s_server -accept 127.0.0.1:$port -rev \
		-quiet -cert "$dir/server.pem" -key "$dir/server.key"
	for host in localhost 127.0.0.1; do
		wanted=olleh
		[ $host = localhost ] || wanted="verification error"
		expect "$suite, $host, ncat" "$wanted" \
			"$(answer $suite ncat --ssl-verify -4 \
			--ssl-trustfile "$dir/server.pem" $host $port)"
		expect "$suite, $host, socat" olleh \
			"$(answer $suite socat - \
			"OPENSSL:$host:$port,pf=ip4,cafile=$dir/server.pem")"
		expect "$suite, $host, gnutls-cli" olleh \
			"$(answer $suite gnutls-cli -p $port \
			--x509cafile "$dir/server.pem" $host)"
	done
done
