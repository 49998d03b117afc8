#!/bin/sh
# GNU parallel puts its tag also behind a carriage return within a line.
#
# With --tag or --tagstring "each output line will be prepended" with the tag
# (parallel(1)). A line that holds a carriage return, such as ssh's "Timeout,
# server not responding.\r\n" or a line of progress, gets a second tag in its
# midst: whoever removes the tag of each line, to have the output of a job as it
# was, keeps one. Of "a CR b" becomes "T TAB a CR T TAB b", in 20221122 and
# 20240222; without --tagstring the line stays as it is.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm parallel=20221122+ds-2
fetch trixie parallel=20240222+ds-2

# tag SUITE OPTION...: what becomes of the line, with ~ for CR and _ for TAB.
tag()
{
	suite=$1
	shift
	printf 'a\rb\n' >"$dir/line"
	PARALLEL_HOME=$dir/home perl "$dir/$suite/usr/bin/parallel" "$@" \
		cat ::: "$dir/line" 2>"$dir/messages" | tr '\r\t' '~_'
}

mkdir "$dir/home"
for suite in bookworm trixie; do
	expect "$suite" a~b "$(tag $suite)"
	expect "$suite, --tagstring T" T_a~T_b \
		"$(tag $suite --tagstring T)"
done
