/*
 * page: the live page, one document with its styles and its program; their
 * sources are page.html, page.css and page.js, which the build puts into the
 * binary as they are.
 *
 * Use:
 *	page_print(out, nonce);
 */
#ifndef TOOLS_HTTP_PAGE_H
#define TOOLS_HTTP_PAGE_H

#include <stdio.h>

/* nonce: of letters and digits, by which the policy of the response tells the
 * document's own style and script from others (CSP Level 3, nonce-source). */
void page_print(FILE *out, const char *nonce);

#endif
