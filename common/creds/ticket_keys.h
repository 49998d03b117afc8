/*
 * ticket_keys: master keys for session tickets, from a file that several
 * servers share, and what GnuTLS derives from one.
 *
 * GnuTLS never uses a master key itself. It counts time in periods of three
 * times the lifetime of a ticket, here the default of 6 hours, and takes
 * SHA3-512(period || master key) for a key name, a cipher key and a MAC key.
 * The name begins each ticket. Tickets of the current and of the previous
 * period are good.
 *
 * Until the clock says TLS_TICKET_PERIOD_S, as it may on a machine that lost
 * its time, GnuTLS 3.7 derives nothing and encrypts under zeros: no tickets
 * then.
 *
 * Owns:	what is derived is the caller's to clear.
 * Borrows:	keys, for the call. There is no state: any thread may call.
 * Errors:	-1 and a line that names the file; it never quotes a key.
 * Use:
 *	struct file_bytes keys = FILE_BYTES_INIT;
 *	if (tls_ticket_keys_read(&keys, "/etc/tlsecho/tickets", &e) < 0) ...
 *	i = tls_ticket_keys_find(&keys, name, time(NULL));
 *	key = keys.data + i * TLS_TICKET_KEY_SIZE;
 *	file_bytes_free(&keys);
 */
#ifndef COMMON_CREDS_TICKET_KEYS_H
#define COMMON_CREDS_TICKET_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum {
	TLS_TICKET_KEY_SIZE = 64,
	TLS_TICKET_KEYS_MAX = 8,
	TLS_TICKET_NAME_SIZE = 16,
	TLS_TICKET_LIFETIME_S = 6 * 3600,
	TLS_TICKET_PERIOD_S = 3 * TLS_TICKET_LIFETIME_S
};

/* What is derived from a master key for a period. */
struct tls_ticket_secrets {
	uint8_t name[TLS_TICKET_NAME_SIZE];
	uint8_t cipher_key[32];
	uint8_t mac_key[16];
};

/*
 * A key is 64 bytes in base64 on a line of its own (tlsecho-certs
 * ticket-key). Blank lines and those that begin with # are passed over. There
 * are 1 to 8 keys, of which the first issues and all accept. Refused are a file
 * that others than its owner can use, a key that is all zero (such a key served
 * everybody once: CVE-2020-13777) and one that is there twice. Into keys, which
 * must be empty, they are put one after the other.
 */
int tls_ticket_keys_read(
    struct file_bytes *keys, const char *path, struct errmsg *e);

/* Of the period in which the time (Unix, in seconds) lies. */
void tls_ticket_key_derive(struct tls_ticket_secrets *secrets,
    const uint8_t key[static TLS_TICKET_KEY_SIZE], int64_t unix_s);

/*
 * Whether this key gave that name, in the current period or in the one before;
 * *secrets is of that period then, and cleared if not.
 */
bool tls_ticket_key_is_of(struct tls_ticket_secrets *secrets,
    const uint8_t key[static TLS_TICKET_KEY_SIZE],
    const uint8_t name[static TLS_TICKET_NAME_SIZE], int64_t unix_s);

/* The index of the key that gave the name in one of these periods, or -1. */
int tls_ticket_keys_find(const struct file_bytes *keys,
    const uint8_t name[static TLS_TICKET_NAME_SIZE], int64_t unix_s);

#endif
