/*
 * manager: a stand-in for a service manager: the socket of sd_notify(3), of
 * which programs that are started afterwards learn by NOTIFY_SOCKET.
 *
 * Errors:	all fail the case, and so does waiting for longer than 8 s.
 * Use:
 *	manager_open(&m, MANAGER_PATH);
 *	server_start(...);
 *	manager_expect(&m, "READY=1");
 *	manager_close(&m);
 */
#ifndef TESTS_SUPPORT_MANAGER_H
#define TESTS_SUPPORT_MANAGER_H

enum manager_name {
	MANAGER_PATH,
	MANAGER_ABSTRACT
};

struct manager {
	int fd;
	char path[64];
	char said[1024]; /* the last message */
	int passed_fd;   /* that came with it; or -1 */
};

void manager_open(struct manager *m, enum manager_name name);
/* And forgets the variable. */
void manager_close(struct manager *m);

/* Waits for the next message. */
void manager_next(struct manager *m);
/* Waits for one that has this line; others before it are thrown away. */
void manager_expect(struct manager *m, const char *line);
/* The rest of the line of the last message that begins so; or fails. */
const char *manager_value(const struct manager *m, const char *name);
/* Throws away what has come. */
void manager_forget(struct manager *m);

#endif
