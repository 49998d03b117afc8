#!/bin/sh
# gnutls-serv gives every certificate that it refuses the same reason.
#
# TLS has alerts that tell a client what is wrong with its certificate: its
# issuer is not known, it has expired, and others (RFC 5246, 7.2.2; RFC 8446,
# 6.2). gnutls-serv 3.7.9 and 3.8.9 with --verify-client-cert sends access_denied
# for all of them, which is for "a valid certificate" whose holder is not let in.
# Who sees it looks at rules for names, while the certificate has expired. A
# server on OpenSSL says which it is, though it has only bad_certificate for one
# that is not yet valid.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch_tls
make_chain known "" "" "$CLIENT"
make_chain stranger "" "" "$CLIENT"

# dated NAME FROM UNTIL: a client's certificate of the known root's.
dated()
(
	cd "$dir/known"
	: >index
	cat >ca.cnf <<EOT
[ca]
default_ca=own
[own]
database=index
new_certs_dir=.
rand_serial=yes
default_md=sha256
policy=any
[any]
commonName=supplied
[leaf]
$CLIENT
EOT
	openssl ca -batch -config ca.cnf -cert root.pem -keyfile root.key \
		-startdate "$2" -enddate "$3" -extensions leaf \
		-in leaf.csr -out "$1.pem" -notext >log 2>&1 || cat log >&2
)
dated expired 20200101000000Z 20210101000000Z
dated future "$(date -u -d 'now + 1 day' +%Y%m%d%H%M%SZ)" \
	"$(date -u -d 'now + 9 days' +%Y%m%d%H%M%SZ)"
dated valid 20200101000000Z "$(date -u -d 'now + 9 days' +%Y%m%d%H%M%SZ)"

# A line, and an end of input when it is answered, by 10 seconds at the latest.
speak()
{
	echo hello
	for _ in $(seq 100); do
		! grep -qE 'alert|hello|olleh' "$dir/said" || return 0
		sleep 0.1
	done
}

# connect SUITE PORT VERSION CERTIFICATE KEY: "accepted", or the server's alert.
connect()
{
	: >"$dir/said"
	speak | run "$1" openssl s_client -quiet -no_ign_eof "-$3" \
		-connect 127.0.0.1:"$2" -cert "$dir/$4.pem" \
		-key "$dir/$5.key" >"$dir/said" 2>&1 || :
	sed -nE -e 's/.*:[^:]*(alert [a-z ]*[a-z]):.*/\1/p' \
		-e 's/^(hello|olleh)$/accepted/p' "$dir/said" | head -n 1
}

# try SUITE SERVER PORT CERTIFICATE KEY ALERT
try()
{
	for version in tls1_2 tls1_3; do
		expect "$1, $version, $2, $4" "$6" \
			"$(connect "$1" "$3" $version "$4" "$5")"
	done
}

port=21740
for suite in bookworm trixie; do
	port=$((port + 2))
	serve $suite gnutls-serv -p $port --echo --require-client-cert \
		--verify-client-cert --x509cafile "$dir/known/root.pem" \
		--x509certfile "$dir/server.pem" \
		--x509keyfile "$dir/server.key"
	serve_at $((port + 1)) $suite openssl s_server -quiet -rev -Verify 1 \
		-verify_return_error -CAfile "$dir/known/root.pem" \
		-accept 127.0.0.1:$((port + 1)) \
		-cert "$dir/server.pem" -key "$dir/server.key"
	denied="alert access denied"
	try $suite GnuTLS $port known/valid known/leaf accepted
	try $suite GnuTLS $port stranger/leaf stranger/leaf "$denied"
	try $suite GnuTLS $port known/expired known/leaf "$denied"
	try $suite GnuTLS $port known/future known/leaf "$denied"
	openssl=$((port + 1))
	try $suite OpenSSL $openssl known/valid known/leaf accepted
	try $suite OpenSSL $openssl stranger/leaf stranger/leaf \
		"alert unknown ca"
	try $suite OpenSSL $openssl known/expired known/leaf \
		"alert certificate expired"
	try $suite OpenSSL $openssl known/future known/leaf \
		"alert bad certificate"
done
