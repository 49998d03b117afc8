# shellcheck shell=sh
# What the cases share: hosts that are network namespaces with addresses of their
# own, on one bridge, each with sshd(8), and a server. All of it is made for one
# case in a temporary folder, with keys of its own, and goes when the case ends.
#
# A case is run as root: CASE BUILD_DIR. Its hosts are h1, h2, ...; $dir/ssh is
# ssh with the configuration to reach them.
set -eu
export LC_ALL=C

bin=$(cd "$1" && pwd)
cases=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d /tmp/fleet.XXXXXX)
net=fleet$$	# in front of all namespaces
stats=fleet.$$
started=	# pids of what is to be ended with the case

clean_up() {
	status=$?
	trap - EXIT
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
	done
	for name in $(ip netns list | sed -n "s/^\($net-[a-z0-9]*\).*/\1/p"); do
		for pid in $(ip netns pids "$name"); do
			kill -KILL "$pid" 2>/dev/null || :
		done
		ip netns del "$name"
	done
	rm -rf "$dir"
	exit $status
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

fail() {
	echo "FAIL: $*"
	exit 1
}

# expect WHAT WANTED GOT
expect() {
	[ "$2" = "$3" ] || fail "$1: $3 instead of $2"
	echo "ok: $1: $3"
}

# The launcher's namespace is "hub", which has the bridge.
on() {
	where=$1
	shift
	ip netns exec "$net-$where" "$@"
}

# await SECONDS COMMAND...: until it succeeds.
await() {
	tries=$(($1 * 5))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.2
	done
}

# add_namespace NAME ADDRESS
add_namespace() {
	ip netns add "$net-$1"
	on "$1" ip link set lo up
	on hub ip link add "to-$1" type veth peer name eth0 netns "$net-$1"
	on hub ip link set "to-$1" master bridge up
	on "$1" ip address add "$2/24" dev eth0
	on "$1" ip link set eth0 up
	on "$1" ip route add default via 10.77.0.254
}

make_network() {
	ip netns add "$net-hub"
	on hub ip link set lo up
	on hub ip link add bridge type bridge
	on hub ip address add 10.77.0.254/24 dev bridge
	on hub ip link set bridge up
}

make_ssh() {
	mkdir -p /run/sshd # where sshd's unprivileged part is at home
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/user"
	cp "$dir/user.pub" "$dir/authorized"
	echo "10.77.0.* $(cut -d ' ' -f 1,2 "$dir/host.pub")" >"$dir/known"
	cat >"$dir/sshd.conf" <<END
HostKey $dir/host
AuthorizedKeysFile $dir/authorized
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
END
	cat >"$dir/ssh.conf" <<END
IdentityFile $dir/user
IdentitiesOnly yes
UserKnownHostsFile $dir/known
StrictHostKeyChecking yes
User root
END
	printf '#!/bin/sh\nexec ssh -F %s "$@"\n' "$dir/ssh.conf" >"$dir/ssh"
	chmod +x "$dir/ssh"
}

# delay_ssh MILLISECONDS: of each direction; not all kernels have netem.
delay_ssh() {
	echo "ProxyCommand $cases/delay $1 %h %p" >>"$dir/ssh.conf"
}

# add_host NUMBER [PATH]: with the programs of PATH before all others.
add_host() {
	add_namespace "h$1" "10.77.0.$1"
	printf 'Host h%s\nHostName 10.77.0.%s\n' "$1" "$1" >>"$dir/ssh.conf"
	: >"$dir/sshd.h$1"
	on "h$1" /usr/sbin/sshd -D -e -f "$dir/sshd.conf" \
		-o "SetEnv=PATH=${2:-$bin}:/usr/bin:/bin" 2>"$dir/sshd.h$1" &
	await 20 grep -q 'Server listening' "$dir/sshd.h$1" ||
		fail "sshd of h$1: $(cat "$dir/sshd.h$1")"
	echo "h$1" >>"$dir/hosts"
	ip netns pids "$net-h$1" >"$dir/daemons.h$1"
}

make_certificates() {
	"$bin/tlsecho-certs" init "$dir/ca" >/dev/null
	"$bin/tlsecho-certs" server "$dir/ca" "$@" >/dev/null
	"$bin/tlsecho-certs" client "$dir/ca" alice >/dev/null
}

# add_server NAME ADDRESS OPTION...: its segment is $stats.NAME.
add_server() {
	name=$1
	add_namespace "$1" "$2"
	shift 2
	mkfifo "$dir/ready.$name"
	on "$name" "$bin/tlsecho-server" --listen 0.0.0.0:4433 \
		--stats "$stats.$name" --cert "$dir/ca/server.pem" \
		--key "$dir/ca/server.key" --ca "$dir/ca/ca.pem" \
		--ready-fd 3 "$@" 3>"$dir/ready.$name" \
		>"$dir/totals.$name" 2>"$dir/log.$name" &
	started="$started $!"
	eval "server_$name=$!"
	read -r _ <"$dir/ready.$name" ||
		fail "the server: $(cat "$dir/log.$name")"
}

# Of a server's segment: counter NAME WHAT.
counter() {
	"$bin/tlsecho-stat" --json --all --stats "$stats.$1" |
		jq ".counters.$2"
}

# The load of all cases, and what each adds to it; "within" begins the command.
fleet() {
	# shellcheck disable=SC2086 # a list
	on hub ${within-} "$bin/tlsecho-fleet" "$@" --cert "$dir/ca/alice.pem" \
		--key "$dir/ca/alice.key" --ca "$dir/ca/ca.pem" \
		--server-name server 10.77.0.100:4433
}

# left_on NUMBER: what runs on a host beside its daemons, and beside sessions of
# sshd, which may not know for hours that the other end is gone.
left_on() {
	ip netns pids "$net-h$1" | grep -vxFf "$dir/daemons.h$1" |
		while read -r pid; do
			ps -o pid=,comm=,args= -p "$pid" || :
		done | grep -v ' sshd  *sshd: '
}

nothing_left_on() {
	[ -z "$(left_on "$1")" ]
}

# A union and its parts, all with this server alone: as many round trips, bytes
# and handshakes, and the same histograms.
expect_exact_union() {
	all=$1/all.json
	expect "round trips, and the sum of the parts" "$(jq .round_trips \
		"$all")" "$(jq -s 'map(.round_trips) | add' "$1"/h*.json)"
	expect "histograms are the sum of the parts'" true "$(jq -s '
		def total: map(.histograms | map_values(.buckets)) | reduce
			(.[] | to_entries[] | .key as $h | .value[] |
			[$h, .[0], .[1]]) as [$h, $b, $n]
			({}; .["\($h) \($b)"] += $n);
		([.[0]] | total) == (.[1:] | total)' "$all" "$1"/h*.json)"
	expect "bytes received by the server" \
		"$(jq .traffic.bytes_sent "$all")" "$(counter s bytes_received)"
	expect "bytes sent by the server" \
		"$(jq .traffic.bytes_received "$all")" "$(counter s bytes_sent)"
	expect "handshakes of the server" "$(jq .traffic.handshakes "$all")" \
		"$(counter s handshakes_completed)"
	expect "echoes of the server" "$(jq .round_trips "$all")" \
		"$("$bin/tlsecho-stat" --json --all --stats "$stats.s" |
			jq .histograms.echo_time.count)"
}

# The difference of the first and the last start, in milliseconds.
skew_ms() {
	jq -s 'map(.measured.from_unix_ns) | (max - min) / 1e6' "$1"/h*.json
}
