#!/bin/sh
# A session ticket of one GnuTLS is of no use to another, which does not say so.
#
# Servers that share a ticket key accept each other's tickets (RFC 5077, 5.). Of
# GnuTLS 3.7.9 and 3.8.9 each resumes sessions of its own version. Given the
# ticket of the other, with the same key, it makes a full handshake, and neither
# an alert nor an error tells why. What a ticket holds begins with a number that
# the library's version is part of (PACKED_SESSION_MAGIC in its lib/db.h). So
# while a fleet is upgraded, clients that go from server to server resume less.
#
# gnutls-serv has no option for a ticket key, so that a server of few lines is
# compiled, with this machine's compiler and GnuTLS headers.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_server
head -c 64 /dev/urandom >"$dir/ticket.key"

# server PORT CERT KEY TICKET_KEY: says a word to each client that comes.
cat >"$dir/server.c" <<'EOT'
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const int on = 1;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(atoi(argv[1])),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t key = { malloc(64), 64 };
	FILE *file = fopen(argv[4], "r");

	if (argc != 5 || file == NULL || fread(key.data, 64, 1, file) != 1 ||
	    gnutls_certificate_allocate_credentials(&credentials) < 0 ||
	    gnutls_certificate_set_x509_key_file(
		credentials, argv[2], argv[3], GNUTLS_X509_FMT_PEM) < 0)
		return 1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 9) < 0)
		return 1;
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		gnutls_session_t session;

		gnutls_init(&session, GNUTLS_SERVER);
		gnutls_set_default_priority(session);
		gnutls_credentials_set(
		    session, GNUTLS_CRD_CERTIFICATE, credentials);
		gnutls_session_ticket_enable_server(session, &key);
		gnutls_transport_set_int(session, fd);
		if (gnutls_handshake(session) == 0)
			gnutls_record_send(session, "hello\n", 6);
		gnutls_bye(session, GNUTLS_SHUT_WR);
		gnutls_deinit(session);
		close(fd);
	}
}
EOT
gcc -o "$dir/ticket-server" "$dir/server.c" -lgnutls

port_of()
{
	case $1 in bookworm) echo 24331 ;; *) echo 24332 ;; esac
}

for suite in bookworm trixie; do
	cp "$dir/ticket-server" "$dir/$suite/usr/bin"
	serve $suite ticket-server "$(port_of $suite)" "$dir/server.pem" \
		"$dir/server.key" "$dir/ticket.key"
done

# connect SUITE VERSION OPTION...: to its server: "New" or "Reused", and whether
# anything went wrong.
connect()
{
	port=$(port_of "$1")
	version=$2
	shift 2
	run bookworm openssl s_client -connect "127.0.0.1:$port" "$version" \
		-CAfile "$dir/server.pem" -ign_eof "$@" </dev/null \
		>"$dir/said" 2>"$dir/error" || :
	grep -q hello "$dir/said" || echo failed
	grep -oE 'alert [a-z ]+' "$dir/error" || :
	grep -oE '^(New|Reused)' "$dir/said" | head -n 1
}

for version in -tls1_3 -tls1_2; do
	for from in bookworm trixie; do
		expect "$version, $from" New \
			"$(connect $from $version -sess_out "$dir/session")"
		for to in bookworm trixie; do
			wanted=New
			[ $from = $to ] && wanted=Reused
			expect "$version, ticket of $from, to $to" $wanted \
				"$(connect $to $version -sess_in "$dir/session")"
		done
	done
done
