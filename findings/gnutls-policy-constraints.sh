#!/bin/sh
# An authority whose certificate restricts policies is useless with GnuTLS.
#
# RFC 5280 wants policyConstraints to be critical (4.2.1.11) and recommends it
# for policyMappings (4.2.1.5); authorities of governments and companies have
# them. OpenSSL processes both. GnuTLS 3.7.9 and 3.8.9 know neither and refuse
# every certificate behind such an authority, as unknown critical extensions
# must be; inhibitAnyPolicy, which must be critical, too, they let pass.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
make_chain constraints "" "certificatePolicies=1.2.3.4
policyConstraints=critical,requireExplicitPolicy:0" "$CLIENT
certificatePolicies=1.2.3.4"
make_chain mappings "" "certificatePolicies=1.2.3.4
policyMappings=critical,1.2.3.4:1.2.3.5" "$CLIENT
certificatePolicies=1.2.3.5"
make_chain any "" "inhibitAnyPolicy=critical,0" "$CLIENT"
for suite in bookworm trixie; do
	for name in constraints mappings; do
		expect "$suite, $name, OpenSSL" accepted \
			"$(openssl_says $suite $name)"
		expect "$suite, $name, GnuTLS" \
			"The certificate contains an unknown critical extension" \
			"$(gnutls_says $suite $name)"
	done
	expect "$suite, any, GnuTLS" accepted "$(gnutls_says $suite any)"
done
