/*
 * supply: how a worker gets connections to the process that has the private
 * keys (signer/signer.h): the master sends one for each new set of keys, and
 * one for each process that takes a dead one's place.
 *
 * Only the newest counts: whoever comes too late for an older set of keys gets
 * none.
 *
 * Owns:	in a worker, its end and what has come and was not taken.
 * Threads:	one.
 * Use:
 *	supply_send(master_end, keys_id, fd);	// in the master
 *	supply_open(&supply, worker_end);	// in the worker
 *	tls_creds_open(&creds, fd, &supply.source, settings, &e);
 *	... when the end is readable: supply_read(&supply) ...
 */
#ifndef SERVER_SUPPLY_H
#define SERVER_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/creds/signer.h"

struct supply {
	int rx_fd;        /* -1: none comes any more */
	int fd;           /* the newest connection; -1: none, or it is taken */
	uint64_t keys_id; /* whose it is, or was; 0: none has come */
	int spare_fd;     /* see sys/fdpass.h */
	struct tls_signer_source source;
};

/* 0, or -errno. The descriptor is copied, not given away. */
int supply_send(int tx_fd, uint64_t keys_id, int fd);

/* The end becomes the supply's; -1: the workers have the keys. */
void supply_open(struct supply *s, int rx_fd);
void supply_close(struct supply *s);

/*
 * Takes in what has come. False: no more will come, or there is no descriptor
 * for it, and it is taken in when a key is used.
 */
bool supply_read(struct supply *s);

#endif
