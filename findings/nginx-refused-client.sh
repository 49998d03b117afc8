#!/bin/sh
# nginx tells a client without a good certificate nothing by way of TLS.
#
# With "ssl_verify_client on" nginx 1.22.1 and 1.26.3 complete the handshake with
# a client that has no certificate, or one of a stranger, under TLS 1.2 and 1.3,
# and send no alert (RFC 8446, 4.4.2.4). In an "http" block the refusal is an
# answer to the first request, with status 400; a client that only sees whether
# a handshake succeeds takes itself for let in. In a "stream" block the session is
# closed by an orderly close_notify, as that of a client that was served.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
make_chain known "" "" "$CLIENT"
make_chain stranger "" "" "$CLIENT"
fetch bookworm nginx=1.22.1-9+deb12u9 libnginx-mod-stream=1.22.1-9+deb12u9 \
	openssl=3.0.20-1~deb12u2
fetch trixie nginx=1.26.3-3+deb13u10 \
	libnginx-mod-stream=1.26.3-3+deb13u10 \
	openssl=3.5.9-1~deb13u1

# configure SUITE PORT: $dir/nginx.conf; http on the port, stream on the next.
configure()
{
	tls="ssl_certificate $dir/server.pem;
		ssl_certificate_key $dir/server.key;
		ssl_client_certificate $dir/known/root.pem;
		ssl_verify_client on;
		ssl_verify_depth 2;
		ssl_protocols TLSv1.2 TLSv1.3;"
	cat >"$dir/nginx.conf" <<EOT
load_module $(find "$dir/$1" -name ngx_stream_module.so);
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/nginx.log;
events {}
http {
	access_log off;
	client_body_temp_path $dir/t1;
	proxy_temp_path $dir/t2;
	fastcgi_temp_path $dir/t3;
	uwsgi_temp_path $dir/t4;
	scgi_temp_path $dir/t5;
	server {
		listen 127.0.0.1:$2 ssl;
		$tls
		return 204;
	}
}
stream {
	server {
		listen 127.0.0.1:$(($2 + 1)) ssl;
		$tls
		return served;
	}
}
EOT
}

# answer SUITE VERSION PORT OPTION...: the first line that comes, of HTTP to a
# request, and how the session ends.
answer()
{
	suite=$1
	version=$2
	port_of=$3
	shift 3
	{ [ "$port_of" != $port ] || printf 'GET / HTTP/1.0\r\n\r\n'; } |
		run "$suite" openssl s_client -quiet "-$version" \
			-connect 127.0.0.1:"$port_of" "$@" \
			>"$dir/got" 2>"$dir/said" || :
	line=$(head -n 1 "$dir/got" | tr -d '\r' | cut -d ' ' -f 1,2)
	end=$(grep -oE 'unexpected eof|alert [a-z ]+|errno=[0-9]+' \
		"$dir/said" | head -n 1)
	echo "${line:-nothing}, ${end:-close_notify}"
}

port=21760
for suite in bookworm trixie; do
	port=$((port + 2))
	configure $suite $port
	serve_at $port $suite ../sbin/nginx -c "$dir/nginx.conf" -p "$dir"
	for version in tls1_2 tls1_3; do
		for name in none stranger known; do
			set --
			[ $name = none ] || set -- -cert "$dir/$name/chain.pem" \
				-cert_chain "$dir/$name/chain.pem" \
				-key "$dir/$name/leaf.key"
			http="HTTP/1.1 400, close_notify"
			stream="nothing, close_notify"
			[ $name != known ] || {
				http="HTTP/1.1 204, close_notify"
				stream="served, close_notify"
			}
			expect "$suite, $version, http, $name" "$http" \
				"$(answer $suite $version $port "$@")"
			expect "$suite, $version, stream, $name" "$stream" \
				"$(answer $suite $version $((port + 1)) "$@")"
		done
	done
done
