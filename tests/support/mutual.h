/*
 * mutual: a root, a server "localhost" and a client of it, and credentials of
 * both: what most tests of TLS begin with.
 *
 * Use:
 *	mutual_init(&m, MUTUAL_TLS13);
 *	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
 *	mutual_fini(&m);
 */
#ifndef TESTS_SUPPORT_MUTUAL_H
#define TESTS_SUPPORT_MUTUAL_H

#include "tests/support/pki.h"

#define MUTUAL_NAME "localhost"

/* TLS_PRIORITY_DEFAULT, of which one version is left. */
#define MUTUAL_TLS13 TLS_PRIORITY_DEFAULT ":-VERS-TLS1.2"
#define MUTUAL_TLS12 TLS_PRIORITY_DEFAULT ":-VERS-TLS1.3"

/*
 * For loop tests: both versions with the cipher suite they prefer, then with
 * others; the records of the last two are those of GnuTLS's session for ever.
 */
enum {
	MUTUAL_VERSIONS = 2,
	MUTUAL_OURS = 6, /* even ones are of TLS 1.3, odd ones of TLS 1.2 */
	MUTUAL_CCM = MUTUAL_OURS,
	MUTUAL_CBC,
	MUTUAL_SUITES
};
extern const char *const mutual_priorities[MUTUAL_SUITES];

struct mutual {
	struct pki root, server, client;
	struct tls_creds *server_creds, *client_creds;
};

/* The server hands out no tickets. */
void mutual_init(struct mutual *m, const char *priority);
/* The server does. */
void mutual_init_with_tickets(struct mutual *m, const char *priority);
void mutual_fini(struct mutual *m);

/*
 * Another client, whose certificate an intermediate of the root has signed:
 * with the whole chain, and with the leaf alone. For tls_creds_unref.
 */
void mutual_behind_one(const struct mutual *m, const char *priority,
    struct tls_creds **whole, struct tls_creds **cut);

#endif
