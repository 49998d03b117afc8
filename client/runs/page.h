/*
 * page: the document of a run as one page of HTML, with pictures, which needs
 * nothing from elsewhere: page.html, page.css and page.js of this folder, and
 * the document between them.
 *
 * Nothing in the document can leave its place: it is data to the page, each "<"
 * in it is escaped as JSON allows it (RFC 8259, 7), and the page's policy (CSP)
 * runs the script with its nonce only, which is new each time.
 *
 * Use:
 *	page_print(out, json);
 */
#ifndef CLIENT_RUNS_PAGE_H
#define CLIENT_RUNS_PAGE_H

#include <stddef.h>
#include <stdio.h>

#include "common/base/errmsg.h"

struct report_file;

/* The document as text. The caller looks at ferror(out). */
void page_print(FILE *out, const char *json);

/* The same into a file; nothing for one without a path. -1 and a line. */
int page_write(
    const struct report_file *file, const char *json, struct errmsg *e);

#endif
