#!/bin/sh
# libmicrohttpd 0.9.75 answers HEAD with the last chunk of a body.
#
# A response to HEAD ends with its head, whatever this says of a body (RFC 9112,
# 6.3). When a program gives libmicrohttpd 0.9.75 a response whose size is not
# known, such as a stream of events, the library sends "0" and an empty line
# after the head, and closes the connection. 1.0.1 sends the head alone. With
# 0.9.75 a program has to answer HEAD with a response of known size.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm libmicrohttpd-dev=0.9.75-6
fetch trixie libmicrohttpd12t64=1.0.1-4

cat >"$dir/server.c" <<'EOT'
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

static ssize_t
end(void *arg, uint64_t position, char *to, size_t room)
{
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static enum MHD_Result
answer(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **request)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, 4096, end, NULL, NULL);
	enum MHD_Result result = MHD_queue_response(connection, 200, response);

	MHD_destroy_response(response);
	return result;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(argv[1])),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
		answer, NULL, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END) == NULL)
		return 1;
	for (;;)
		pause();
}
EOT
from=$dir/bookworm/usr
library=$(find "$from" -name 'libmicrohttpd.so.12')
gcc -o "$dir/program" "$dir/server.c" -I "$from/include" \
	-I "$(dirname "$(find "$from" -name microhttpd.h)")" "$library" \
	-Wl,--unresolved-symbols=ignore-in-shared-libs

# What follows the head, in one line.
after_head()
{
	printf 'HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
		timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1; cat >&3
			cat <&3" | tr -d '\r' | sed '1,/^$/d' | paste -sd ,
}

port=21690
for suite in bookworm trixie; do
	port=$((port + 1))
	mkdir -p "$dir/$suite/usr/bin"
	cp "$dir/program" "$dir/$suite/usr/bin/server"
	serve $suite server $port
	if [ $suite = bookworm ]; then
		expect "0.9.75, after the head" "0," "$(after_head $port)"
	else
		expect "1.0.1, after the head" "" "$(after_head $port)"
	fi
done
