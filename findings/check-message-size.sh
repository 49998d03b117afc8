#!/bin/sh
# libcheck moves a whole buffer of messages at each assertion that holds.
#
# check_set_max_msg_size(), or CK_MAX_MSG_SIZE, reads as a limit for messages of
# failed assertions, which costs nothing where none fails. But each ck_assert_*
# writes a short message of where it is, and the parent, which reads them all
# when the case has ended, fills a buffer of twice that limit and moves all that
# is left in it to the front for every single message. Assertions are 60 times
# as dear with a limit of 256 KiB as with one of 4 KiB; a loop of 100,000 of
# them takes seconds. The limit should be just above BUFSIZ, 8 KiB, at which
# libcheck cuts the text of an assertion anyhow; a message longer than the limit
# ends the whole program.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

fetch bookworm check=0.15.2-2+b1
fetch trixie check=0.15.2-3

cat >"$dir/program.c" <<'EOT'
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

void *__real_memmove(void *to, const void *from, size_t n);
static size_t moved;

/* trixie's libcheck wants it of glibc 2.38. */
unsigned long
__isoc23_strtoul(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}

void *
__wrap_memmove(void *to, const void *from, size_t n)
{
	moved += n;
	return __real_memmove(to, from, n);
}

START_TEST(hold)
{
	for (int i = 0; i < 100000; i++)
		ck_assert(i >= 0);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *s = suite_create("s");
	TCase *c = tcase_create("c");
	SRunner *r;

	(void)argc;
	check_set_max_msg_size((size_t)atol(argv[1]));
	tcase_add_test(c, hold);
	tcase_set_timeout(c, 0);
	suite_add_tcase(s, c);
	r = srunner_create(s);
	srunner_run_all(r, CK_SILENT);
	printf("%zu\n", moved >> 20);
	return srunner_ntests_failed(r);
}
EOT

for suite in bookworm trixie; do
	usr=$dir/$suite/usr
	gcc -o "$dir/$suite/program" "$dir/program.c" -I "$usr/include" \
		-Wl,--wrap=memmove "$(find "$usr" -name libcheck_pic.a)" \
		"$(find "$usr" -name 'libsubunit.so.0')" -lm -lrt -pthread
	small=$("$dir/$suite/program" 4096)
	large=$("$dir/$suite/program" 262144)
	echo "$suite: MiB moved for 100,000 assertions that hold: $small with" \
		"a limit of 4 KiB, $large with one of 256 KiB"
	expect "$suite, the second is more than 30 times the first" yes \
		"$([ "$large" -gt $((30 * small)) ] && echo yes || echo no)"
done
