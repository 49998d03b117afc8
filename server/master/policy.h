/*
 * policy: certificates, keys and all that says who may come in, read from the
 * files that options name. For the child that master/credentials.h starts.
 *
 * Use:
 *	struct tls_bundle bundle = TLS_BUNDLE_INIT;
 *	result = policy_load(&bundle, &config, previous_fd, &e);
 *	tls_bundle_free(&bundle);
 */
#ifndef SERVER_MASTER_POLICY_H
#define SERVER_MASTER_POLICY_H

#include "common/base/errmsg.h"

struct config;
struct tls_bundle;

/*
 * Fills an empty bundle, which is to be freed even on failure. previous_fd: a
 * sealed one of before, whose ticket keys go on unless they have a file; -1:
 * new ones are made.
 */
int policy_load(struct tls_bundle *bundle, const struct config *config,
    int previous_fd, struct errmsg *e);

#endif
