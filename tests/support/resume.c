/* resume: takes sessions and uses them; see the header. */
#include "tests/support/resume.h"

#include <check.h>

const char *const resume_versions[RESUME_VERSIONS] = { TLSPEER_TLS13,
	TLSPEER_TLS12 };

void
resume_open(struct tlspeer *p, const gnutls_datum_t *session, int port,
    const char *identity, int version)
{
	tlspeer_open(p, port,
	    &(struct tlspeer_options){ .identity = identity,
		.priority = resume_versions[version],
		.resume = session });
}

void
resume_take(
    gnutls_datum_t *session, int port, const char *identity, int version)
{
	struct tlspeer peer;

	tlspeer_connect(&peer, port,
	    &(struct tlspeer_options){
		.identity = identity, .priority = resume_versions[version] });
	tlspeer_session(&peer, session);
	tlspeer_finish(&peer);
}

bool
resume_use(
    const gnutls_datum_t *session, int port, const char *identity, int version)
{
	struct tlspeer peer;
	bool is_resumed;

	tlspeer_connect(&peer, port,
	    &(struct tlspeer_options){ .identity = identity,
		.priority = resume_versions[version],
		.resume = session });
	tlspeer_echo(&peer, "hello", 5);
	is_resumed = gnutls_session_is_resumed(peer.session) != 0;
	tlspeer_finish(&peer);
	return is_resumed;
}

void
resume_echo(int port, const char *identity, int version)
{
	struct tlspeer peer;

	resume_open(&peer, NULL, port, identity, version);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

int
resume_refusal(
    const gnutls_datum_t *session, int port, const char *identity, int version)
{
	struct tlspeer peer;

	resume_open(&peer, session, port, identity, version);
	return tlspeer_refusal(&peer);
}
