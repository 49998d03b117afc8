/*
 * fake_server: TLS servers that echo, or misbehave in one way, in a child.
 *
 * They take any client certificate, or none, and use GnuTLS's blocking calls,
 * one process a connection, so that nothing of the code under test helps them.
 *
 * Owns:	the child, which also dies with the test.
 * Errors:	all fail the test.
 * Use:
 *	fake_server_start(&server, FAKE_STALLS, "ca/server");
 *	... connect to server.address ...
 *	fake_server_stop(&server);
 */
#ifndef TESTS_SUPPORT_FAKE_SERVER_H
#define TESTS_SUPPORT_FAKE_SERVER_H

#include <sys/types.h>

#include "common/sys/addr.h"

enum fake_kind {
	FAKE_ECHOES,
	FAKE_RESUMES, /* echoes, and gives tickets */
	/* Before the handshake, or instead of it. */
	FAKE_IS_SILENT, /* accepts, and says nothing */
	FAKE_DRIPS,     /* a handshake of one byte every 10 ms */
	FAKE_HANGS_UP,  /* after the ClientHello */
	FAKE_RESETS,    /* after the ClientHello */
	FAKE_LINGERS,   /* answers with what is not TLS, and stays */
	FAKE_BABBLES,   /* the same, and hangs up */
	/* After the handshake. */
	FAKE_REFUSES,         /* by the alert access_denied */
	FAKE_SAYS_IT_PLAINLY, /* the same, not encrypted */
	FAKE_SPEAKS_FIRST,    /* before anything is sent */
	/* With the echo. */
	FAKE_FLIPS_A_BIT,   /* of the last byte of each record */
	FAKE_ADDS_A_BYTE,   /* to each record */
	FAKE_ADDS_A_RECORD, /* after each echo */
	FAKE_DRIBBLES,      /* one byte a record */
	FAKE_STALLS,        /* echoes FAKE_LIMIT bytes a connection, no more */
	FAKE_CLOSES,        /* as much, then says close_notify */
	FAKE_CUTS_OFF,      /* as much, then FIN without close_notify */
	FAKE_RESETS_LATE,   /* as much, then RST */
	/* At the client's close_notify. */
	FAKE_SPEAKS_LAST,    /* before its own close_notify */
	FAKE_ENDS_BARE,      /* FIN without close_notify */
	FAKE_WAITS_FOR_FIN,  /* answers it when the FIN has come, too */
	FAKE_RESETS_LAST,    /* RST instead of an answer */
	FAKE_NEVER_HANGS_UP, /* does not answer it */
};

enum {
	FAKE_LIMIT = 1000
};

struct fake_server {
	pid_t pid;
	char address[ADDR_TEXT]; /* 127.0.0.1:PORT */
};

/* identity: a name of fixture's such as "ca/server". */
void fake_server_start(
    struct fake_server *server, enum fake_kind kind, const char *identity);

void fake_server_stop(const struct fake_server *server);

#endif
