/*
 * explained: a set-up that is broken in one way, and what tlsecho-client
 * --explain has to say of it.
 *
 * The server is a command line of a shell that becomes the program, in the
 * fixture's directory. It listens on $AT, which is $HOST:$PORT, an address of
 * 127.0.0.0/8 that no other test has at this moment; $NAME is a name for
 * statistics. The client wants the name localhost, and trusts ca/ca.pem.
 *
 * Errors:	fail the case.
 * Use:
 *	static const struct explained rows[] = { { "closed port", NULL, NULL,
 *	    "", 11, "nobody listens" }, ... };
 *	explained_run(&rows[_i]);
 */
#ifndef TESTS_SUPPORT_EXPLAINED_H
#define TESTS_SUPPORT_EXPLAINED_H

#define EXPLAINED_ALICE " --cert ca/alice.pem --key ca/alice.key"
#define EXPLAINED_TLS12 " --priority NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define EXPLAINED_TLS13 " --priority NORMAL:-VERS-ALL:+VERS-TLS1.3"

struct explained {
	const char *title;
	const char *program; /* that must be there; NULL: ours are enough */
	const char *server;  /* NULL: none */
	const char *options; /* of the client, besides --explain */
	int status;
	const char *sentence; /* that it says among others */
};

void explained_run(const struct explained *e);

#endif
