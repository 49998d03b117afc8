/*
 * issue: what the commands that make identities have in common.
 *
 * Use:
 *	struct issue issue = ISSUE_INIT;
 *	if (issue_check_options(options, &e) < 0) ...
 *	if (issue_begin(&issue, options, "pki", &e) == 0) ...
 *	issue_end(&issue);
 */
#ifndef CERTS_ISSUE_H
#define CERTS_ISSUE_H

#include "certs/identity.h"
#include "certs/options.h"
#include "certs/pbe.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* A command under way. */
struct issue {
	struct identity_maker maker;
	struct file_bytes password; /* empty without --pkcs12 */
	struct pbe pbe;
};

#define ISSUE_INIT                                                          \
	{                                                                   \
		.maker = { .authority = NULL }, .password = FILE_BYTES_INIT \
	}

/* Fails if some are missing that others need: an error of usage. */
int issue_check_options(const struct options *options, struct errmsg *e);

/* Opens the authority of that directory, for issue_end to close. */
int issue_begin(struct issue *issue, const struct options *options,
    const char *dir, struct errmsg *e);
void issue_end(struct issue *issue);

#endif
