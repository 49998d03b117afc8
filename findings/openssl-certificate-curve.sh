#!/bin/sh
# OpenSSL's list of key exchange groups decides which certificates come in.
#
# Under TLS 1.2 a server with OpenSSL 3.0.20 or 3.5.9 refuses a client whose
# certificate has a key on a curve that is not among its groups (-groups;
# ssl_ecdh_curve of nginx, curves of haproxy), or not among the client's, with
# "illegal parameter". By default these are all on brainpool curves and on
# secp256k1, though the chain is good and openssl-verify(1) says so. With the
# curve among both sides' groups, which are there for the key exchange, the
# client is let in.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls
make_chain plain "" "" "$CLIENT"

# make_leaf CURVE: another client's certificate of the same authority.
make_leaf()
{
	(
		cd "$dir/plain"
		openssl req -new -config openssl.cnf -newkey ec -nodes \
			-pkeyopt "ec_paramgen_curve:$1" -keyout "$1.key" \
			-out "$1.csr" -subj /CN=leaf
		openssl x509 -req -days 30 -extfile openssl.cnf \
			-extensions leaf -in "$1.csr" -CA ca.pem -CAkey ca.key \
			-set_serial 4 -out "$1.pem"
	) 2>/dev/null
}

# connect SUITE PORT CURVE OPTION...: the answer, or the server's alert.
connect()
{
	of=$1
	at=$2
	curve=$3
	shift 3
	{ echo hello; sleep 1; } | run "$of" openssl s_client -quiet \
		-no_ign_eof -tls1_2 -cert "$dir/plain/$curve.pem" \
		-key "$dir/plain/$curve.key" -cert_chain "$dir/plain/ca.pem" \
		-connect 127.0.0.1:"$at" "$@" >"$dir/said" 2>&1 || :
	grep -oE 'alert [a-z ]+|^olleh' "$dir/said" | head -n 1
}

# serve_with SUITE PORT OPTION...: a server that demands a certificate.
serve_with()
{
	of=$1
	at=$2
	shift 2
	serve_at "$at" "$of" openssl s_server -accept 127.0.0.1:"$at" \
		-rev -quiet -cert "$dir/server.pem" -key "$dir/server.key" \
		-CAfile "$dir/plain/root.pem" -Verify 3 -verify_return_error \
		"$@"
}

groups="-groups P-256:brainpoolP256r1:secp256k1"
for curve in P-256 brainpoolP256r1 secp256k1; do
	make_leaf $curve
done
port=21740
for suite in bookworm trixie; do
	port=$((port + 2))
	serve_with $suite $port
	# shellcheck disable=SC2086 # an option and its argument
	serve_with $suite $((port + 1)) $groups
	expect "$suite, P-256" olleh "$(connect $suite $port P-256)"
	for curve in brainpoolP256r1 secp256k1; do
		cat "$dir/plain/$curve.pem" >"$dir/plain/leaf.pem"
		expect "$suite, $curve, verify" accepted \
			"$(openssl_says $suite plain)"
		# shellcheck disable=SC2086
		expect "$suite, $curve, the client's groups" \
			"alert illegal parameter" \
			"$(connect $suite $port $curve $groups)"
		expect "$suite, $curve, the server's groups" \
			"alert illegal parameter" \
			"$(connect $suite $((port + 1)) $curve)"
		# shellcheck disable=SC2086
		expect "$suite, $curve, both" olleh \
			"$(connect $suite $((port + 1)) $curve $groups)"
	done
done
