/* totals: what a server has done, printed when it ends. */
#ifndef SERVER_MASTER_TOTALS_H
#define SERVER_MASTER_TOTALS_H

struct stats_shm;

/* Lines on stdout: connections, handshakes, operations, bytes. 0 or -1. */
int totals_print(struct stats_shm *stats);

#endif
