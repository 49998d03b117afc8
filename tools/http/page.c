/* page: the three files, put together; see the header. */
#include "tools/http/page.h"

#include "common/base/embed.h"

EMBED(page_html, "tools/http/page.html");
EMBED(page_css, "tools/http/page.css");
EMBED(page_js, "tools/http/page.js");

void
page_print(FILE *out, const char *nonce)
{
	const char *rest =
	    embed_print_until(out, page_html, "<!-- page.css -->");

	fprintf(out, "<style nonce=\"%s\">\n%s</style>", nonce, page_css);
	rest = embed_print_until(out, rest, "<!-- page.js -->");
	fprintf(out, "<script nonce=\"%s\">\n%s</script>", nonce, page_js);
	fputs(rest, out);
}
