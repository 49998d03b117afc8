#!/bin/sh
# libinih, as Debian builds it, cuts long lines and values without a word.
#
# A value ends at a ';' after a blank, and a line that begins with a blank is one
# more value of the name before it: nothing tells. A line of more than 198 bytes
# is cut there. Release 55 reads the rest of it as lines of their own, and
# returns an error only where those are not NAME=VALUE; 59 drops the rest and
# returns the line's number, but has handed the cut value over before. A program
# that must read what was written has to look at lines before the library does.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm libinih-dev=55-1
fetch trixie libinih1=59-1

cat >"$dir/program.c" <<'EOT'
#include <ini.h>
#include <stdio.h>
#include <string.h>

static int
show(void *arg, const char *section, const char *name, const char *value)
{
	(void)arg;
	(void)section;
	printf("%s=%zu:%.5s ", name, strlen(value), value);
	return 1;
}

int
main(void)
{
	char text[400];
	int result;

	memset(text, 'x', sizeof text);
	memcpy(text, "a=", 2);
	memcpy(text + 199, "y=zz\n", 6);
	result = ini_parse_string(text, show, NULL);
	printf("-> %d, ", result);
	result = ini_parse_string("b=1 ;2\n c=3\n", show, NULL);
	printf("-> %d\n", result);
	return 0;
}
EOT
from=$dir/bookworm/usr
gcc -o "$dir/program" "$dir/program.c" -I "$from/include" \
	"$(find "$from" -name 'libinih.so.1')" \
	-Wl,--unresolved-symbols=ignore-in-shared-libs

short="b=1:1 b=3:c=3 -> 0"
for suite in bookworm trixie; do
	mkdir -p "$dir/$suite/usr/bin"
	cp "$dir/program" "$dir/$suite/usr/bin/program"
	long="a=197:xxxxx -> 1"
	[ $suite = trixie ] || long="a=197:xxxxx y=2:zz -> 0"
	expect "$suite, a line of 203 bytes, then two short ones" \
		"$long, $short" "$(run $suite program)"
done
