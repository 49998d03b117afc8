/* whoami: what a session has negotiated, as JSON; see the header. */
#include "server/worker/whoami.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/conn/conn.h"
#include "common/tls/info.h"
#include "server/worker/session.h"

/* There is ", " between them, and nowhere else: see tls_describe_names. */
static json_t *
list_of(const char *names)
{
	json_t *list = json_array();

	while (names[0] != '\0') {
		const char *end = strstr(names, ", ");
		size_t n = end != NULL ? (size_t)(end - names) : strlen(names);

		(void)json_array_append_new(list, json_stringn(names, n));
		names += end != NULL ? n + 2 : n;
	}
	return list;
}

/* null for a client without a certificate. */
static json_t *
certificate(const struct tls_info_cert *c)
{
	if (c->sha256[0] == '\0')
		return json_null();
	return json_pack("{s:s, s:s, s:o, s:s, s:s}", "subject", c->subject,
	    "issuer", c->issuer, "names", list_of(c->names), "sha1", c->sha1,
	    "sha256", c->sha256);
}

static json_t *
describe(const struct session *session)
{
	struct tls_info info;
	char peer[ADDR_TEXT];

	tls_info_read(&info, &session->conn.tls);
	return json_pack("{s:s, s:o, s:s, s:s, s:i, s:s, s:s, s:b}", "peer",
	    addr_format_peer(&session->peer, peer), "certificate",
	    certificate(&info.remote), "protocol", info.protocol, "cipher",
	    info.cipher, "cipher_bits", info.cipher_bits, "hash", info.hash,
	    "key_exchange", info.key_exchange, "resumed", info.is_resumed);
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
