/* cmd_ticket_key: the command that makes and rotates session ticket keys. */
#ifndef CERTS_CMD_TICKET_KEY_H
#define CERTS_CMD_TICKET_KEY_H

#include "certs/options.h"

enum {
	TICKET_KEY_SIZE = 64, /* bytes, which tlsecho-server(8) wants */
	TICKET_KEYS_MAX = 8
};

/*
 * operands: FILE, which is made with two keys, or rotated.
 *
 * The first key of a file issues tickets, and all accept them. The second is
 * the next to issue; a rotation makes it the first, adds another one as the
 * second, and keeps the older ones behind them, 8 in all. So a server that has
 * not read the new file yet accepts the tickets of one that has. A file with
 * one key gets a second one, and nothing else changes. Where two rotate at
 * once, one of the files stays.
 */
int ticket_key_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
