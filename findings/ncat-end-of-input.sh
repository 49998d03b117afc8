#!/bin/sh
# What ncat says at the end of its input decides whether it gets an answer.
#
# ncat 7.93 ends TLS as it ends TCP, by a FIN without close_notify, and waits
# for the answer. To OpenSSL 3 that is an error, "unexpected eof while reading",
# unless a server tells it to ignore it, and writing fails after it, too: socat
# 1.7.4.4 and 1.8.0.3 send nothing of what the program behind them says at the
# end of its input (as wc, sort or tar do), and ncat ends with exit status 0.
# ncat 7.95 sends close_notify and gets the answer.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

make_server
fetch bookworm ncat=7.93+dfsg1-1 socat=1.7.4.4-2
fetch trixie ncat=7.95+dfsg-3 socat=1.8.0.3-1+deb13u1

port=21640
for suite in bookworm trixie; do
	for version in 2 3; do
		port=$((port + 1))
		serve $suite socat "OPENSSL-LISTEN:$port,bind=127.0.0.1,fork,\
verify=0,openssl-max-proto-version=TLS1.$version,cert=$dir/server.pem,\
key=$dir/server.key" SYSTEM:'wc -c'
		server="$suite's socat, TLS 1.$version"
		expect "$server, ncat 7.93" "" "$({ echo hello; sleep 1; } |
			run bookworm ncat --ssl 127.0.0.1 $port)"
		expect "$server, ncat 7.95" 6 "$({ echo hello; sleep 1; } |
			run trixie ncat --ssl 127.0.0.1 $port)"
	done
done
