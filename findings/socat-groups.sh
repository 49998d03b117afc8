#!/bin/sh
# socat's server takes P-256 only, whatever its OpenSSL can do.
#
# OPENSSL-LISTEN of socat 1.7.4.4 and 1.8.0.3 sets one curve. A client that has
# other groups alone is refused (handshake_failure), and one that offers
# X25519MLKEM768 to socat on OpenSSL 3.5.9, which prefers it, gets P-256. OpenSSL
# by itself chooses X25519MLKEM768.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
cat "$dir/server.key" "$dir/server.pem" >"$dir/both.pem"
fetch bookworm openssl=3.0.20-1~deb12u2 socat=1.7.4.4-2
fetch trixie openssl=3.5.9-1~deb13u1 socat=1.8.0.3-1+deb13u1

# group SUITE PORT [ARGUMENT...]: which one comes of it, or "refused".
group()
{
	suite=$1
	port=$2
	shift 2
	run "$suite" openssl s_client -connect localhost:"$port" "$@" \
		</dev/null >"$dir/said" 2>&1 || :
	sed -n -e 's/^\(Server\|Peer\) Temp Key: //p' \
		-e 's/^Negotiated TLS1.3 group: //p' "$dir/said" |
		head -n 1 | grep -v NULL || echo refused
}

serve bookworm socat OPENSSL-LISTEN:21521,fork,verify=0,cert="$dir/both.pem" PIPE
serve trixie socat OPENSSL-LISTEN:21522,fork,verify=0,cert="$dir/both.pem" PIPE
serve trixie openssl s_server -accept 21523 -quiet \
	-cert "$dir/server.pem" -key "$dir/server.key"
for port in 21521 21522; do
	suite=$([ $port = 21521 ] && echo bookworm || echo trixie)
	expect "$suite, socat, X25519 alone" refused \
		"$(group $suite $port -groups X25519)"
done
expect "bookworm, socat" "ECDH, prime256v1, 256 bits" "$(group bookworm 21521)"
expect "trixie, socat" "ECDH, prime256v1, 256 bits" "$(group trixie 21522)"
expect "trixie, openssl s_server" X25519MLKEM768 "$(group trixie 21523)"
