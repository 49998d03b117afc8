#!/bin/sh
# haproxy resets a connection that lacks the PROXY header, and says nothing.
#
# A frontend with "accept-proxy" takes connections that begin with a header of
# the PROXY protocol only. haproxy 2.6.12 and 3.0.11 answer anything else, such as
# the ClientHello of a client that comes past the load balancer, with a TCP reset
# at once: the client cannot tell it from a crash of the server or a firewall,
# and no alert of TLS comes even where the frontend ends TLS. With the header in
# front the same bytes are answered.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
cat "$dir/server.pem" "$dir/server.key" >"$dir/both.pem"
fetch bookworm haproxy=2.6.12-1+deb12u3
fetch trixie haproxy=3.0.11-1+deb13u4

# A frontend that ends TLS; what is behind it is not asked.
configure()
{
	cat >"$dir/haproxy.conf" <<EOT
defaults
	mode tcp
	timeout connect 5s
	timeout client 5s
	timeout server 5s
listen it
	bind 127.0.0.1:$1 accept-proxy ssl crt $dir/both.pem
	server nobody 127.0.0.1:1
EOT
}

cat >"$dir/ask.py" <<'EOT'
"""ask.py PORT HEADER: how a ClientHello behind this header is answered."""
import socket
import ssl
import sys

hello = ssl.MemoryBIO()
session = ssl.create_default_context().wrap_bio(
    ssl.MemoryBIO(), hello, server_hostname='localhost')
try:
    session.do_handshake()
except ssl.SSLWantReadError:
    pass
with socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5) as peer:
    peer.sendall(sys.argv[2].replace('~', '\r\n').encode() + hello.read())
    try:
        first = peer.recv(1)
        print({b'': 'closed', b'\x15': 'alert', b'\x16': 'handshake'}[first])
    except ConnectionResetError:
        print('reset')
EOT

port=21780
for suite in bookworm trixie; do
	port=$((port + 1))
	configure $port
	serve_at $port $suite ../sbin/haproxy -f "$dir/haproxy.conf"
	expect "$suite, no header" reset "$(python3 "$dir/ask.py" $port "")"
	expect "$suite, a request of HTTP" reset \
		"$(python3 "$dir/ask.py" $port "GET / HTTP/1.0~~")"
	expect "$suite, PROXY header" handshake \
		"$(python3 "$dir/ask.py" $port \
		"PROXY TCP4 192.0.2.1 192.0.2.2 1000 443~")"
done
