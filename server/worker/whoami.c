/* whoami: what a session has negotiated, as JSON; see the header. */
#include "server/worker/whoami.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/conn/conn.h"
#include "common/tls/info.h"
#include "server/worker/proxied_json.h"
#include "server/worker/session.h"

void
whoami_prepare(void)
{
	json_object_seed(0);
}

/* A list of whole names, and what did not come in. */
struct names {
	json_t *list;
	size_t room; /* bytes, of names as they are shown */
	json_int_t left_out;
};

static void
take_name(void *owner, const char *name)
{
	struct names *names = owner;
	size_t n = name != NULL ? strlen(name) : SIZE_MAX;

	if (n > names->room ||
	    json_array_append_new(names->list, json_string(name)) < 0) {
		names->left_out++;
		return;
	}
	names->room -= n;
}

/* null for a client without a certificate. */
static json_t *
certificate(const struct tls_info_cert *c, const struct tls *tls)
{
	struct names names = { NULL, WHOAMI_NAMES, 0 };

	if (c->sha256[0] == '\0')
		return json_null();
	names.list = json_array();
	tls_info_each_name(tls, take_name, &names);
	return json_pack("{s:s, s:s, s:o, s:I, s:s, s:s}", "subject",
	    c->subject, "issuer", c->issuer, "names", names.list,
	    "names_left_out", names.left_out, "sha1", c->sha1, "sha256",
	    c->sha256);
}

static json_t *
describe(const struct session *session)
{
	struct tls_info info;
	char peer[ADDR_TEXT];

	tls_info_read(&info, &session->conn.tls);
	return json_pack("{s:s, s:o, s:s, s:s, s:i, s:s, s:s, s:b, s:o*}",
	    "peer", addr_format_peer(&session->peer, peer), "certificate",
	    certificate(&info.remote, &session->conn.tls), "protocol",
	    info.protocol, "cipher", info.cipher, "cipher_bits",
	    info.cipher_bits, "hash", info.hash, "key_exchange",
	    info.key_exchange, "resumed", info.is_resumed, "proxy",
	    proxied_json(session->proxied));
}

void
whoami_greet(struct conn *conn)
{
	json_t *object = describe(session_of(conn));
	char *line = json_dumps(object, JSON_COMPACT);
	size_t n = line != NULL ? strlen(line) : 0;

	ASSERT(conn->state == CONN_OPEN);
	if (line != NULL) {
		line[n++] = '\n'; /* in place of the NUL: n counts it */
		(void)conn_write(conn, (const uint8_t *)line, n);
	}
	free(line);
	json_decref(object);
}
