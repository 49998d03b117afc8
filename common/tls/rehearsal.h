/*
 * rehearsal: a handshake in memory with a server's credentials, before clients
 * have to find out that none can succeed.
 *
 * The client of it shows no certificate, and takes whatever the server shows:
 * the rehearsal ends well when the server refuses it for that, or lets it in.
 *
 * Use:
 *	if (tls_rehearse(creds, &e) < 0) ...
 */
#ifndef COMMON_TLS_REHEARSAL_H
#define COMMON_TLS_REHEARSAL_H

#include "common/base/errmsg.h"

struct tls_creds;

/*
 * In each version that the credentials speak: 0, they go well; 1 and what has
 * failed, for a warning, if another version goes well; -1 and what has failed.
 * Nothing is written to a key log if the credentials were made without one.
 */
int tls_rehearse(struct tls_creds *creds, struct errmsg *e);

#endif
