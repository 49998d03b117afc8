#!/bin/sh
# Behind a proxy that ends TLS, a connection that was reset looks well closed.
#
# A close_notify says that the peer has sent all that it wanted to (RFC 8446,
# 6.1). When the upstream resets its connection, as the kernel does for one that
# was killed with bytes unread, haproxy, nginx (stream), stunnel and socat, of
# Debian 12 and 13, all send the TLS client an orderly close_notify, stunnel in
# spite of its "reset = yes". Only the proxy's log tells a crash from an end, and
# a protocol in which the end of the connection ends the message takes a part
# for the whole.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
cat "$dir/server.pem" "$dir/server.key" >"$dir/both.pem"
fetch bookworm nginx=1.22.1-9+deb12u9 libnginx-mod-stream=1.22.1-9+deb12u9 \
	haproxy=2.6.12-1+deb12u3 stunnel4=3:5.68-2+deb12u1 \
	openssl=3.0.20-1~deb12u2 socat=1.7.4.4-2 ncat=7.93+dfsg1-1
fetch trixie nginx=1.26.3-3+deb13u10 \
	libnginx-mod-stream=1.26.3-3+deb13u10 \
	haproxy=3.0.11-1+deb13u4 stunnel4=3:5.74-2 \
	openssl=3.5.9-1~deb13u1 socat=1.8.0.3-1+deb13u1 ncat=7.95+dfsg-3

# configure SUITE UPSTREAM: a proxy at each of the ports above the upstream's,
# in the order of their names.
configure()
{
	cat >"$dir/haproxy.conf" <<EOT
defaults
	mode tcp
	timeout connect 5s
	timeout client 5s
	timeout server 5s
listen it
	bind 127.0.0.1:$(($2 + 1)) ssl crt $dir/both.pem
	server upstream 127.0.0.1:$2
EOT
	cat >"$dir/nginx.conf" <<EOT
load_module $(find "$dir/$1" -name ngx_stream_module.so);
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/nginx.log;
events {}
stream {
	server {
		listen 127.0.0.1:$(($2 + 2)) ssl;
		ssl_certificate $dir/both.pem;
		ssl_certificate_key $dir/both.pem;
		ssl_protocols TLSv1.2 TLSv1.3;
		proxy_pass 127.0.0.1:$2;
	}
}
EOT
	cat >"$dir/stunnel.conf" <<EOT
foreground=yes
pid=
[it]
accept=127.0.0.1:$(($2 + 4))
connect=127.0.0.1:$2
cert=$dir/both.pem
reset=yes
EOT
}

# ending SUITE PROGRAM ARGUMENT...: of a session with this client, whose second
# line nobody reads.
ending()
{
	{ echo hello; echo unread; sleep 1; } | run "$@" >"$dir/said" 2>&1 || :
	grep -q '^answer$' "$dir/said" || { cat "$dir/said"; return; }
	grep -oiE 'unexpected eof|reset by peer|errno=104' "$dir/said" ||
		echo close_notify
}

port=21600
for suite in bookworm trixie; do
	port=$((port + 10))
	serve $suite socat TCP-LISTEN:$port,bind=127.0.0.1,fork \
		SYSTEM:'read -r line; echo answer; sleep 0.3',nofork
	configure $suite $port
	serve_at $((port + 1)) $suite ../sbin/haproxy -f "$dir/haproxy.conf"
	serve_at $((port + 2)) $suite ../sbin/nginx -c "$dir/nginx.conf" \
		-p "$dir"
	serve $suite socat "OPENSSL-LISTEN:$((port + 3)),fork,verify=0,\
cert=$dir/both.pem" TCP:127.0.0.1:$port
	serve_at $((port + 4)) $suite stunnel "$dir/stunnel.conf"
	expect "$suite, no proxy" "reset by peer" \
		"$(ending $suite ncat -v 127.0.0.1 $port)"
	for proxy in 1:haproxy 2:nginx 3:socat 4:stunnel; do
		expect "$suite, ${proxy#*:}" close_notify \
			"$(ending $suite openssl s_client -quiet -tls1_3 \
				-connect 127.0.0.1:$((port + ${proxy%:*})))"
	done
done
