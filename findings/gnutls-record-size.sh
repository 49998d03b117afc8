#!/bin/sh
# gnutls-cli loses most of its input when it is told to send smaller records.
#
# It reads 4,095 bytes at a time and hands them to gnutls_record_send(), which
# takes one record's worth; what is left it drops. So with --recordsize 512 of
# gnutls-cli 3.7.9 and 3.8.9 one byte in eight arrives, under TLS 1.2 and 1.3,
# of a server that knows nothing of record_size_limit (RFC 8449); the session
# ends by close_notify and the program with exit status 0.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch bookworm gnutls-bin=3.7.9-2+deb12u7 socat=1.7.4.4-2
fetch trixie gnutls-bin=3.8.9-3+deb13u4 socat=1.8.0.3-1+deb13u1

# arrive SUITE PORT OPTION...: how many of 40,960 bytes, and the exit status.
arrive()
{
	suite=$1
	port=$2
	shift 2
	head -c 40960 /dev/zero >"$dir/input"
	status=0
	run "$suite" gnutls-cli -p "$port" --x509cafile "$dir/server.pem" \
		--logfile /dev/null "$@" localhost <"$dir/input" \
		>"$dir/said" || status=$?
	echo "$(cat "$dir/said") status $status"
}

port=21600
for suite in bookworm trixie; do
	port=$((port + 1))
	serve $suite socat "OPENSSL-LISTEN:$port,bind=127.0.0.1,fork,verify=0,\
cert=$dir/server.pem,key=$dir/server.key" SYSTEM:'wc -c'
	for version in 2 3; do
		only=--priority=NORMAL:-VERS-ALL:+VERS-TLS1.$version
		expect "$suite, TLS 1.$version" "40960 status 0" \
			"$(arrive $suite $port $only)"
		expect "$suite, TLS 1.$version, records of 512" \
			"5130 status 0" \
			"$(arrive $suite $port $only --recordsize 512)"
	done
done
