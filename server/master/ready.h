/* ready: tells everybody that all workers accept connections. */
#ifndef SERVER_MASTER_READY_H
#define SERVER_MASTER_READY_H

struct config;
struct listeners;
struct workers;

/* The log, the viewer, the terminal of --interactive, --ready-fd. Once. */
void ready_tell(const struct config *config, const struct listeners *listeners,
    struct workers *workers);

/* On the terminal alone: that a key ends the server. */
void ready_prompt(void);

#endif
