#!/bin/sh
# ncat as a TLS server answers a short request under TLS 1.2, not under 1.3.
#
# A line that is followed by close_notify at once, as of "echo hello |
# gnutls-cli", comes back from "ncat --listen --ssl --exec cat" under TLS 1.2 and
# does not under TLS 1.3, with the same ncat (7.93 and 7.95), certificate and
# client. close_notify ends one direction only (RFC 8446, 6.1), and the client,
# which waits for the other, takes the close for an answer: exit status 0.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch bookworm ncat=7.93+dfsg1-1 gnutls-bin=3.7.9-2+deb12u7
fetch trixie ncat=7.95+dfsg-3 gnutls-bin=3.8.9-3+deb13u4

# answers SUITE PORT VERSION: to five requests.
answers()
{
	for _ in 1 2 3 4 5; do
		echo hello | run "$1" gnutls-cli -p "$2" --logfile /dev/null \
			--priority NORMAL:-VERS-ALL:+VERS-TLS1."$3" \
			--x509cafile "$dir/server.pem" localhost || echo failed
	done | paste -sd ' '
}

port=21660
for suite in bookworm trixie; do
	port=$((port + 1))
	serve $suite ncat --listen --keep-open 127.0.0.1 $port --ssl \
		--ssl-cert "$dir/server.pem" --ssl-key "$dir/server.key" \
		--exec /bin/cat
	expect "$suite, TLS 1.2" "hello hello hello hello hello" \
		"$(answers $suite $port 2)"
	expect "$suite, TLS 1.3" "" "$(answers $suite $port 3)"
done
