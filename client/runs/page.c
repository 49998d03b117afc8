/* page: the three files and the document, put together; see the header. */
#include "client/runs/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "client/report/report_file.h"
#include "common/base/assertion.h"
#include "common/base/embed.h"
#include "common/base/hex.h"

EMBED(run_page_html, "client/runs/page.html");
EMBED(run_page_css, "client/runs/page.css");
EMBED(run_page_js, "client/runs/page.js");

enum {
	NONCE_BYTES = 16
};

static void
make_nonce(char nonce[static 2 * NONCE_BYTES + 1])
{
	uint8_t bytes[NONCE_BYTES];

	/* So few bytes come whole (getrandom(2)). */
	ASSERT(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
	*hex_put(nonce, bytes, sizeof bytes, HEX_LOWER) = '\0';
}

/* "<" is in strings only, where it may be written in another way. */
static void
print_escaped(FILE *out, const char *json)
{
	size_t n;

	while (json[n = strcspn(json, "<")] != '\0') {
		(void)fwrite(json, 1, n, out);
		fputs("\\u003c", out);
		json += n + 1;
	}
	fputs(json, out);
}

void
page_print(FILE *out, const char *json)
{
	char nonce[2 * NONCE_BYTES + 1];
	const char *rest =
	    embed_print_until(out, run_page_html, "<!-- policy -->");

	make_nonce(nonce);
	fprintf(out,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'nonce-%s'; script-src 'nonce-%s'; "
	    "img-src data:; base-uri 'none'; form-action 'none'\">",
	    nonce, nonce);
	rest = embed_print_until(out, rest, "<!-- page.css -->");
	fprintf(out, "<style nonce=\"%s\">\n%s</style>", nonce, run_page_css);
	rest = embed_print_until(out, rest, "<!-- run -->");
	fprintf(out, "<script id=\"run\" type=\"application/json\">\n");
	print_escaped(out, json);
	fprintf(out, "</script>");
	rest = embed_print_until(out, rest, "<!-- page.js -->");
	fprintf(out, "<script nonce=\"%s\">\n%s</script>", nonce, run_page_js);
	fputs(rest, out);
}

int
page_write(const struct report_file *file, const char *json, struct errmsg *e)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	int result = -1;

	if (file->path == NULL)
		return 0;
	out = open_memstream(&text, &size);
	if (out != NULL) {
		page_print(out, json);
		result = ferror(out) ? -1 : 0;
	}
	if (out == NULL || fclose(out) != 0 || result < 0)
		result = errmsg_set(e, "--html: out of memory");
	else
		result = report_file_write(file, text, size, e);
	free(text);
	return result;
}
