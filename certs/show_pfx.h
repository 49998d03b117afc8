/*
 * show_pfx: what a PKCS #12 file holds, for the command show.
 *
 * Use:
 *	if (show_pfx(&source, &is_pfx, &e) < 0) ...
 */
#ifndef CERTS_SHOW_PFX_H
#define CERTS_SHOW_PFX_H

#include <stdbool.h>

#include "certs/show.h"
#include "common/base/errmsg.h"

/* Prints nothing, and is no error, if the file is not PKCS #12. */
int show_pfx(const struct show_source *source, bool *is_pfx, struct errmsg *e);

#endif
