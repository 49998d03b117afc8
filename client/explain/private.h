/*
 * private: the connection that the files of this room explain, a file for each
 * group of steps.
 */
#ifndef CLIENT_EXPLAIN_PRIVATE_H
#define CLIENT_EXPLAIN_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/explain/dialogue.h"
#include "client/explain/steps.h"
#include "common/base/close_reason.h"
#include "common/sys/addr.h"
#include "common/tls/params.h"
#include "common/x509/chain.h"
#include "common/x509/describe.h"

struct options;
struct tls_creds;
struct tls_resume;

enum {
	EXPLAIN_MESSAGE = 100 /* bytes; a line of text, for servers of lines */
};

/* Whether something was found to be so. */
enum answer {
	ANSWER_UNKNOWN,
	ANSWER_NO,
	ANSWER_YES
};

struct explain {
	const struct options *options;
	struct steps steps;
	int64_t started_wall_ns;

	/* The own certificates, leaf first, and --ca. */
	struct tls_creds *creds;
	struct tls_chain own, roots;

	struct addr_list addrs;
	enum close_reason tried[ADDR_LIST_MAX]; /* NONE: it is connected */
	int64_t open_by_ns; /* until then, one is to be connected and open */
	int tries; /* so many of the addresses; the last may be connected */

	struct dialogue first;
	int alert;                /* of the server, that ended it; or none */
	bool has_handshake;       /* it is complete on this side */
	struct tls_names agreed;  /* then */
	struct tls_chain chain;   /* that the server has shown */
	enum answer is_accepted;  /* the client's certificate, or its absence */
	enum answer names_issuer; /* the server names its issuer */
	size_t surplus;           /* bytes that came after the whole echo */
	struct tls_resume *ticket;
	enum answer is_resumed; /* the second session */
};

/* reach.c: both return false if they fail. */
bool explain_name(struct explain *x);
bool explain_tcp(struct explain *x);

/* handshake.c: false if there is no session. */
bool explain_handshake(struct explain *x);

/* server_cert.c: judges what the server has shown, if anything. */
void explain_server(struct explain *x);

/*
 * client_cert.c. Refused: the server has ended the session after it had asked
 * for a certificate; x->alert says how.
 */
void explain_client_asked(struct explain *x);
void explain_client_refused(struct explain *x);
/* The server has hung up without an alert; false: nothing speaks for it that
 * the certificate is why. */
bool explain_client_suspected(struct explain *x);
void explain_client_accepted(struct explain *x, const char *how);
void explain_client_unknown(struct explain *x, const char *why);

/* exchange.c: the steps after the handshake, of which echo is the first that
 * may show a refusal. */
void explain_exchange(struct explain *x);

/* resume.c: a second connection. */
void explain_resumption(struct explain *x);

/* client_blame.c: what is wrong with the own certificate (x509/faults.h), as
 * far as it can be seen without knowing what the server trusts. */
unsigned explain_own_faults(const struct explain *x);
/* Why it is refused; and why it may be, by a server that just hung up. */
void explain_client_blame(struct explain *x);
void explain_client_doubt(struct explain *x);

/* client_cert.c: the next of a list of authorities; false: there is none. */
bool explain_next_authority(
    struct tls_request *request, char text[static TLS_NAME_TEXT]);

#endif
