# shellcheck shell=sh
# What the scripts here share. Each shows a behaviour of other people's software
# that surprised us: it fetches Debian packages of stated versions into a
# temporary folder, from the mirror that this machine's apt is set to, runs them
# there without installing anything, and fails when they no longer behave as it
# states. They need apt and the archive's keyring, and a quarter of a minute.

set -eu
export LC_ALL=C

dir=$(mktemp -d) || exit 1
started= # pids of what is to be ended with the script
clean_up()
{
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
	done
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# The mirror of Debian's archive that apt uses on this machine.
mirror()
{
	apt-get indextargets --format '$(REPO_URI)' |
		grep -E '/debian/?$' | head -n 1
}

# apt_of SUITE ARGUMENT...: apt-get(8) as if nothing of SUITE was installed.
apt_of()
{
	apt=$dir/apt-$1
	shift
	apt-get -qq -o Dir::Etc::sourcelist="$apt/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State="$apt" \
		-o Dir::State::status="$apt/status" -o Dir::Cache="$apt" \
		-o APT::Install-Recommends=0 -o APT::Sandbox::User=root "$@"
}

# fetch SUITE PACKAGE=VERSION...: unpacks them, and what they depend on, into
# $dir/SUITE.
fetch()
{
	suite=$1
	shift
	apt=$dir/apt-$suite
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$dir/$suite"
	: >"$apt/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
		"$(mirror) $suite main" >"$apt/sources.list"
	apt_of "$suite" update
	apt_of "$suite" -y --download-only install "$@" >/dev/null
	for package in "$apt"/archives/*.deb; do
		dpkg-deb -x "$package" "$dir/$suite"
	done
}

# become SUITE PROGRAM ARGUMENT...: with the loader and libraries of the suite.
become()
{
	root=$dir/$1
	program=$2
	shift 2
	exec "$(find "$root" -name 'ld-linux-*.so.*' | head -n 1)" \
		--library-path "$(find "$root" -name 'lib*.so.*' \
			-printf '%h\n' | sort -u | paste -sd :)" \
		"$root/usr/bin/$program" "$@"
}

# run SUITE PROGRAM ARGUMENT...: to its end.
run()
{
	(become "$@")
}

# expect WHAT WANTED GOT: says it, and fails where they differ.
expect()
{
	echo "$1: $3"
	[ "$2" = "$3" ] && return
	echo "expected: $2" >&2
	exit 1
}

# make_chain NAME ROOT CA LEAF: a root, an intermediate authority and a client's
# certificate, with these extensions (lines of openssl's configuration) beside
# the usual ones: $dir/NAME/root.pem, ca.pem, leaf.pem, leaf.key.
make_chain()
{
	mkdir "$dir/$1"
	authority="basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash"
	cat >"$dir/$1/openssl.cnf" <<EOT
[req]
distinguished_name=dn
[dn]
[root]
$authority
$2
[ca]
$authority
$3
[leaf]
basicConstraints=CA:FALSE
$4
EOT
	(
		cd "$dir/$1"
		key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
		# shellcheck disable=SC2086 # a list of words
		for name in root ca leaf; do
			openssl req -new -config openssl.cnf $key \
				-keyout $name.key -out $name.csr -subj /CN=$name
		done
		sign="openssl x509 -req -days 30 -extfile openssl.cnf"
		$sign -in root.csr -signkey root.key -extensions root \
			-out root.pem
		$sign -in ca.csr -CA root.pem -CAkey root.key -set_serial 2 \
			-extensions ca -out ca.pem
		$sign -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 3 \
			-extensions leaf -out leaf.pem
		cat leaf.pem ca.pem >chain.pem
	) >"$dir/$1/log" 2>&1 || { cat "$dir/$1/log"; exit 1; }
}

# Extensions of an ordinary client's certificate.
CLIENT="keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth"

# gnutls_says SUITE NAME, openssl_says SUITE NAME: "accepted", or why not, of the
# chain as a TLS client's.
gnutls_says()
{
	run "$1" certtool --verify --load-ca-certificate "$dir/$2/root.pem" \
		--infile "$dir/$2/chain.pem" \
		--verify-purpose 1.3.6.1.5.5.7.3.2 >"$dir/said" 2>&1 || :
	sed -n 's/^Chain verification output: //p' "$dir/said" |
		sed -e 's/^Verified.*/accepted/' -e 's/^Not verified. *//' \
			-e 's/The certificate is NOT trusted. *//' -e 's/[. ]*$//'
}

openssl_says()
{
	run "$1" openssl verify -purpose sslclient -CAfile "$dir/$2/root.pem" \
		-untrusted "$dir/$2/ca.pem" "$dir/$2/leaf.pem" \
		>"$dir/said" 2>&1 || :
	sed -n -e 's/.*OK$/accepted/p' -e 's/.*lookup: //p' "$dir/said" | head -n 1
}

# serve SUITE PROGRAM ARGUMENT...: in the background, until the script ends;
# returns when its TCP port, the first number of four or five digits among the
# arguments, is listened to.
serve()
{
	serve_at "$(echo "$*" | grep -oE '[0-9]{4,5}' | head -n 1)" "$@"
}

# serve_at PORT SUITE PROGRAM ARGUMENT...: the same, of a stated port.
serve_at()
{
	port_hex=$(printf %04X "$1")
	shift
	become "$@" </dev/null >"$dir/server" 2>&1 &
	started="$started $!"
	for _ in $(seq 100); do
		grep -q ":$port_hex 0*:0000 0A" /proc/net/tcp \
			/proc/net/tcp6 && return
		sleep 0.1
	done
	cat "$dir/server" >&2
	exit 1
}

# A certificate for localhost, and its key: $dir/server.pem, server.key.
make_server()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$dir/server.key" -out "$dir/server.pem" -days 30 \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost \
		2>/dev/null
}

# Both suites' GnuTLS and OpenSSL, as most scripts here need them.
fetch_tls()
{
	fetch bookworm gnutls-bin=3.7.9-2+deb12u7 openssl=3.0.20-1~deb12u2
	fetch trixie gnutls-bin=3.8.9-3+deb13u4 openssl=3.5.9-1~deb13u1
}
