/*
 * reload: what SIGHUP makes the master do: read again what can be read again,
 * the configuration file and all files that it names, and take all of it or
 * nothing.
 *
 * Borrows:	all that is in the struct.
 * Use:
 *	reload_run(&(struct reload){ .config = config, ... });
 */
#ifndef SERVER_MASTER_RELOAD_H
#define SERVER_MASTER_RELOAD_H

struct change;
struct config;
struct expiry;
struct stats_shard;
struct stats_shm;
struct workers;

struct reload {
	struct config *config; /* gets what has been read again */
	struct workers *workers;
	struct expiry *expiry;
	struct change *change;
	struct stats_shm *stats;   /* gets the answer */
	struct stats_shard *shard; /* the master's */
};

/* Nothing while the workers drain. What came of it is logged and counted. */
void reload_run(const struct reload *r);

#endif
