#!/bin/sh
# haproxy's health checks claim a TLS client that there is none of.
#
# With "send-proxy-v2-ssl" and "check-ssl" a check begins with a PROXY header of
# LOCAL whose SSL field says that a client speaks TLSv1.3 and, with the option
# ssl-cipher, that its cipher is "(NONE)": haproxy 2.6.12 and 3.0.11 describe the
# connection on which the header itself is sent, before its own ClientHello. The
# same check without "check-ssl" says that there is no TLS. Who reads the field
# must look at LOCAL first, though LOCAL is also what clients of haproxy's unix
# sockets come with, for whom the field is true.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm haproxy=2.6.12-1+deb12u3
fetch trixie haproxy=3.0.11-1+deb13u4

cat >"$dir/listen.py" <<'EOT'
"""listen.py PORT: what stands behind the 16 bytes of the first header."""
import socket
import sys

listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
peer = listener.accept()[0]
with peer.makefile('rb') as stream:
    head = stream.read(16)
    field = stream.read(int.from_bytes(head[14:], 'big'))
print(f"{head[12]:02x} {''.join(chr(b) if b > 31 else f'.' for b in field)}")
EOT

# ask PORT SUITE OPTIONS: the header of a check with these options.
ask()
{
	cat >"$dir/haproxy.conf" <<EOT
defaults
	mode tcp
	timeout connect 5s
	timeout client 5s
	timeout server 5s
listen it
	bind 127.0.0.1:$(($1 + 1))
	server s 127.0.0.1:$1 send-proxy-v2-ssl proxy-v2-options ssl-cipher $3
EOT
	python3 "$dir/listen.py" "$1" >"$dir/seen" &
	listening=$!
	serve_at $(($1 + 1)) "$2" ../sbin/haproxy -db -f "$dir/haproxy.conf"
	wait $listening
	cat "$dir/seen"
}

port=21790
for suite in bookworm trixie; do
	port=$((port + 2))
	expect "$suite, check" "20  ......." \
		"$(ask $port $suite "check inter 100ms")"
	port=$((port + 2))
	expect "$suite, check-ssl" "20  .......!..TLSv1.3#..(NONE)" \
		"$(ask $port $suite "check-ssl verify none check inter 100ms")"
done
