/*
 * upgrade: SIGUSR2: another program takes over in this process, such as the
 * next release, from the same path and with the same arguments.
 *
 * First a child rehearses (master/rehearsal.h): it is the new program, reads
 * all files, and starts workers that listen nowhere. If all of it goes well in
 * time, this process becomes the new program (execve(2)), with the same pid,
 * listeners, segment, ticket keys, inboxes, limits and process that writes the
 * log (master/handover.h). It starts its workers beside the old ones, and lets
 * these drain when all are ready.
 *
 *	idle -> rehearsing -> idle: refused
 *	             '------> the new program
 *
 * Use:
 *	upgrade_begin(&u, m);
 *	... on SIGCHLD, after workers_reap:
 *	if (upgrade_on_child(&u, &workers))
 *		upgrade_become(&u, m);
 *	... in each turn: wait_ns = upgrade_turn(&u, now_ns);
 */
#ifndef SERVER_MASTER_UPGRADE_H
#define SERVER_MASTER_UPGRADE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct master;
struct workers;

struct upgrade {
	char **argv;     /* main's; not owned */
	pid_t pid;       /* of the rehearsal; 0: there is none */
	int out_fd;      /* what it says; -1: there is none */
	int64_t kill_ns; /* when it has taken too long */
	bool is_late;
	bool has_old_segment; /* workers count in one of another layout */
};

/* Starts a rehearsal; or says in the log why not. */
void upgrade_begin(struct upgrade *u, struct master *m);

/*
 * After workers_reap: true if the rehearsal has ended well. If it has ended
 * otherwise, the log says why.
 */
bool upgrade_on_child(struct upgrade *u, struct workers *w);

/*
 * This process becomes the new program. Returns if that fails: the log says
 * why, and all is as before.
 */
void upgrade_become(const struct upgrade *u, const struct master *m);

/* Kills a rehearsal that takes too long; how long until then, or -1. */
int64_t upgrade_turn(struct upgrade *u, int64_t now_ns);

/* When the server ends: kills a rehearsal that is under way. */
void upgrade_close(struct upgrade *u);

#endif
