/* test_page: a page that holds its document whole, and lets nothing out. */
#include "client/runs/page.h"

#include <stdlib.h>
#include <string.h>

#include "client/tally_hist.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

enum {
	NO_BROWSER = 77
};

static const char *drive_page; /* absolute: a case works elsewhere */

static char *
page_of(const char *json)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	page_print(out, json);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static unsigned
count(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)) != NULL; text += strlen(word))
		n++;
	return n;
}

/* The page has one script of data and one that runs. */
TEST(a_document_stays_in_its_place)
{
	char *text = page_of("{\"a\": \"</script><script>x</script><!--\"}");

	ck_assert_uint_eq(count(text, "<script"), 2);
	ck_assert_uint_eq(count(text, "</script>"), 2);
	ck_assert_ptr_nonnull(strstr(text,
	    "\"\\u003c/script>\\u003cscript>x\\u003c/script>\\u003c!--\""));
	free(text);
}

/* Nothing is loaded, and what is not the page's own does not run. */
TEST(nothing_from_elsewhere)
{
	char *text = page_of("{}");
	char *other = page_of("{}");

	ck_assert_ptr_nonnull(strstr(text, "default-src 'none'"));
	ck_assert_ptr_nonnull(strstr(text, "script-src 'nonce-"));
	ck_assert_uint_eq(count(text, " src="), 0);
	ck_assert_uint_eq(count(text, "@import"), 0);
	ck_assert_uint_eq(count(text, "url("), 0);
	/* The namespace of SVG is a name, not an address. */
	ck_assert_uint_eq(count(text, "http"), 2);
	/* Two pages have different nonces. */
	ck_assert_str_ne(text, other);
	free(text);
	free(other);
}

/* "round_trip" is "round trip", but for those that stand in the script. */
TEST(titles_are_those_of_the_text)
{
	char *text = page_of("{}");

	for (enum tally_hist i = 0; i < TALLY_HISTS; i++) {
		const char *title = tally_hist_title(i);
		char words[64];
		char entry[128];

		(void)snprintf(words, sizeof words, "%s", tally_hist_key(i));
		for (char *at = words; (at = strchr(at, '_')) != NULL;)
			*at = ' ';
		(void)snprintf(entry, sizeof entry, "%s: \"%s\"",
		    tally_hist_key(i), title);
		ck_assert_msg(
		    strcmp(words, title) == 0 || strstr(text, entry) != NULL,
		    "%s", entry);
	}
	free(text);
}

/* One part of the union failed, and its name is nasty. */
TEST_WITH(in_a_browser, .limit_s = 180)
{
	json_t *root = run_case_new(2);
	int status;

	if (!shell_has_program("chromium") ||
	    !shell_has_program("chromedriver"))
		return;
	run_case_write(run_case_new(1), "a.json");
	run_case_set(
	    root, "target", "\"</script><script>injected = 1</script><b>\"");
	run_case_set(root, "errors", "{\"reset\": 3}");
	run_case_set(root, "ok", "false");
	run_case_set(root, "exit_status", "1");
	run_case_set(root, "histograms.connect",
	    "{\"count\": 2, \"sum\": 300000, \"max\": 200000,"
	    " \"buckets\": [[400, 1], [432, 1]]}");
	run_case_write(root, "b.json");
	shell_expect(1, "failed",
	    "tlsecho-client merge a.json b.json --json all --html all.html");
	status = shell("%s all.html all", drive_page);
	if (status == NO_BROWSER)
		suite_skip("there is no selenium, or no browser that starts");
	else
		ck_assert_msg(status == 0, "%s", shell_output());
}

static void
enter(void)
{
	scratch_enter();
	(void)shell_find_programs();
}

int
main(int argc, char **argv)
{
	drive_page = realpath("tests/client/runs/drive-page", NULL);
	return suite_run(
	    suite_joined("client/runs/page", enter, scratch_leave), argc, argv);
}
