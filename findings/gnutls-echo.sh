#!/bin/sh
# "gnutls-serv --echo" is an echo of lines of text, not of bytes.
#
# gnutls-serv 3.7.9 and 3.8.9 answer when the end of a line has come, put LF in
# the place of CR LF, and take what they have for a string of C: where a zero
# byte stands in front of the first end of a line, they do not answer at all. Who
# tests a client with random bytes looks for the mistake in the client. Neither
# --help nor the man page tells.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls

# echo_of SUITE PORT FORMAT: of a printf(1) format, in hexadecimal.
echo_of()
{
	# shellcheck disable=SC2059 # a format it is
	{ printf "$3"; sleep 1; } | run "$1" openssl s_client -quiet \
		-no_ign_eof -nocommands -connect 127.0.0.1:"$2" 2>"$dir/log" |
		od -An -tx1
}

port=21620
for suite in bookworm trixie; do
	port=$((port + 1))
	serve $suite gnutls-serv -p $port --echo --disable-client-cert \
		--x509certfile "$dir/server.pem" \
		--x509keyfile "$dir/server.key"
	expect "$suite, a line" ' 61 62 63 0a' \
		"$(echo_of $suite $port 'abc\n')"
	expect "$suite, no end of line" '' \
		"$(echo_of $suite $port 'abc')"
	expect "$suite, CR LF" ' 61 62 63 0a' \
		"$(echo_of $suite $port 'abc\r\n')"
	expect "$suite, a zero byte" '' \
		"$(echo_of $suite $port 'a\0bc\n')"
done
