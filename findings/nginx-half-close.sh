#!/bin/sh
# The switch that lets nginx pass on a half-closed connection costs close_notify.
#
# "proxy_half_close on" of nginx's stream module (1.22.1 and 1.26.3) keeps the
# connection until both sides have closed. Where it ends TLS, each session then
# ends with a bare FIN, also when no side ever was half closed and the upstream
# closed in good order: to a client that looks (OpenSSL 3: "unexpected eof while
# reading") every answer might have been cut off. Without the switch nginx sends
# close_notify.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch bookworm nginx=1.22.1-9+deb12u9 libnginx-mod-stream=1.22.1-9+deb12u9 \
	openssl=3.0.20-1~deb12u2 socat=1.7.4.4-2
fetch trixie nginx=1.26.3-3+deb13u10 \
	libnginx-mod-stream=1.26.3-3+deb13u10 \
	openssl=3.5.9-1~deb13u1 socat=1.8.0.3-1+deb13u1

# configure SUITE SWITCH PORT UPSTREAM: $dir/nginx.conf.
configure()
{
	cat >"$dir/nginx.conf" <<EOT
load_module $(find "$dir/$1" -name ngx_stream_module.so);
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/nginx.log;
events {}
stream {
	server {
		listen 127.0.0.1:$3 ssl;
		ssl_certificate $dir/server.pem;
		ssl_certificate_key $dir/server.key;
		ssl_protocols TLSv1.2 TLSv1.3;
		proxy_half_close $2;
		proxy_pass 127.0.0.1:$4;
	}
}
EOT
}

# ending SUITE VERSION PORT: of a session in which the upstream answers a line
# and closes.
ending()
{
	{ echo hello; sleep 1; } | run "$1" openssl s_client -quiet "-$2" \
		-connect 127.0.0.1:"$3" >"$dir/said" 2>&1 || :
	grep -q '^answer$' "$dir/said" || { cat "$dir/said"; return; }
	grep -o 'unexpected eof' "$dir/said" || echo close_notify
}

port=21500
for suite in bookworm trixie; do
	upstream=$((port + 1))
	port=$((port + 1))
	serve $suite socat TCP-LISTEN:$upstream,bind=127.0.0.1,fork \
		SYSTEM:'read -r line; echo answer'
	for switch in off on; do
		port=$((port + 1))
		configure $suite $switch $port $upstream
		serve_at $port $suite ../sbin/nginx -c "$dir/nginx.conf" \
			-p "$dir"
		wanted=close_notify
		[ $switch = off ] || wanted="unexpected eof"
		for version in tls1_2 tls1_3; do
			expect "$suite, half close $switch, $version" \
				"$wanted" "$(ending $suite $version $port)"
		done
	done
done
