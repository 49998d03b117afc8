/* totals: what a server has done, printed when it ends. */
#ifndef SERVER_TOTALS_H
#define SERVER_TOTALS_H

struct stats_shm;

/* A few lines on stdout: connections, handshakes, operations, bytes. */
void totals_print(struct stats_shm *stats);

#endif
