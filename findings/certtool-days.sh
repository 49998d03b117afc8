#!/bin/sh
# certtool takes any number of days, and makes another life of it.
#
# In a template of certtool 3.7.9 and 3.8.9 "expiration_days = 0" is a year:
# whoever wants an expired certificate for a test gets a good one. 4000000 days,
# after the year 9999, mean no end at all. The days count from now, as the
# manual says, also beside an activation_date: if that is later than the end, the
# certificate is never valid. There is no warning, and the exit status is 0.
# OpenSSL 3.5.9 refuses the last two.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_tls
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	-out "$dir/key.pem"

# dates SUITE LINE...: beginning and end, as day, month and year, of what
# certtool makes of a template with these lines.
dates()
{
	suite=$1
	shift
	printf '%s\n' "$@" "cn = test" >"$dir/template"
	run "$suite" certtool --generate-self-signed --outfile "$dir/cert.pem" \
		--load-privkey "$dir/key.pem" --template "$dir/template" \
		2>"$dir/said" || { echo fails; return; }
	openssl x509 -in "$dir/cert.pem" -noout -dates | cut -d = -f 2 |
		date -f - -u '+%-d %b %Y' | paste -sd :
}

# in_days N: the day in so many days.
in_days()
{
	date -u -d "now + $1 days" '+%-d %b %Y'
}

for suite in bookworm trixie; do
	expect "$suite, 0 days" "$(in_days 0):$(in_days 365)" \
		"$(dates $suite "expiration_days = 0")"
	expect "$suite, 4000000 days" "$(in_days 0):31 Dec 9999" \
		"$(dates $suite "expiration_days = 4000000")"
	expect "$suite, 10 days, from 2090 on" \
		"1 Jan 2090:$(in_days 10)" \
		"$(dates $suite "expiration_days = 10" \
		'activation_date = "2090-01-01 00:00:00 UTC"')"
done
expect "OpenSSL, from 2090 on" "end date before start date" \
	"$(run trixie openssl x509 -new -subj /CN=test -key "$dir/key.pem" \
	-not_before 20900101000000Z -days 10 2>&1 | grep -o 'end date.*')"
expect "OpenSSL, 4000000 days" "Error setting notAfter" \
	"$(run trixie openssl x509 -new -subj /CN=test -key "$dir/key.pem" \
	-days 4000000 2>&1 | grep -o '^Error setting notAfter')"
