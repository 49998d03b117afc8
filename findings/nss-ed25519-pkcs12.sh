#!/bin/sh
# NSS, the library of Firefox, cannot take an Ed25519 client from PKCS #12.
#
# NSS 3.110 knows Ed25519. Still pk12util of 3.87.1 and 3.110 fails with "unable
# to import" for a PKCS #12 file with such a key, whether OpenSSL or GnuTLS wrote
# it, while it takes ECDSA and RSA keys. The file is good to both of these.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm libnss3-tools=2:3.87.1-1+deb12u2 openssl=3.0.20-1~deb12u2 \
	gnutls-bin=3.7.9-2+deb12u7
fetch trixie libnss3-tools=2:3.110-1+deb13u5 openssl=3.5.9-1~deb13u1 \
	gnutls-bin=3.8.9-3+deb13u4

# make_identity KIND OPTION...: $dir/KIND.pem and its key.
make_identity()
{
	kind=$1
	shift
	openssl req -x509 "$@" -nodes -keyout "$dir/$kind.key" \
		-out "$dir/$kind.pem" -days 30 -subj "/CN=$kind" 2>/dev/null
}

# import SUITE FILE: "imported", or the error.
import()
{
	rm -rf "$dir/nss"
	mkdir "$dir/nss"
	run "$1" certutil -N -d "sql:$dir/nss" --empty-password
	run "$1" pk12util -i "$2" -d "sql:$dir/nss" -W secret \
		>"$dir/said" 2>&1 && echo imported ||
		grep -o 'SEC_ERROR_[A-Z0-9_]*' "$dir/said"
}

make_identity ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
make_identity rsa -newkey rsa:2048
make_identity ed25519 -newkey ed25519
for suite in bookworm trixie; do
	for kind in ecdsa rsa ed25519; do
		wanted=imported
		[ $kind != ed25519 ] ||
			wanted=SEC_ERROR_PKCS12_UNABLE_TO_IMPORT_KEY
		run $suite openssl pkcs12 -export -in "$dir/$kind.pem" \
			-inkey "$dir/$kind.key" -name $kind \
			-passout pass:secret -out "$dir/file.p12"
		expect "$suite, OpenSSL's, $kind" $wanted \
			"$(import $suite "$dir/file.p12")"
		run $suite certtool --to-p12 --p12-name $kind --outder \
			--load-certificate "$dir/$kind.pem" \
			--load-privkey "$dir/$kind.key" --password secret \
			--outfile "$dir/file.p12" 2>/dev/null
		expect "$suite, GnuTLS's, $kind" $wanted \
			"$(import $suite "$dir/file.p12")"
	done
	expect "$suite, certtool reads the last" ok \
		"$(run $suite certtool --p12-info --inder --password secret \
		--infile "$dir/file.p12" >/dev/null 2>&1 && echo ok)"
done
