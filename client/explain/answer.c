/* answer: what is said of each kind of bytes; see the header. */
#include "client/explain/answer.h"

#include <stdbool.h>
#include <string.h>

#include "client/explain/advice.h"
#include "client/looks.h"

enum {
	RECORD_FIRST = 20, /* change_cipher_spec */
	RECORD_LAST = 23,  /* application_data */
	ECHO_MIN = 11      /* record header, message header, version */
};

static const char tls_port[] =
    "connect to the port that speaks TLS; if a proxy is in between, make it "
    "pass TCP through";
static const char starttls[] =
    "connect to the port on which TLS comes first, if there is one: here it "
    "begins only after STARTTLS, which this client does not say";

static const char own_start[] =
    "connect to a port on which TLS comes first, if there is one: here it "
    "begins only after a request of the server's own protocol, which this "
    "client does not make";

static const struct advice on_looks[LOOKS] = {
	[LOOKS_HTTP] = { "the port speaks plain HTTP, not TLS: it is "
			 "that of a web server, or of an HTTP proxy, which "
			 "waits for CONNECT",
	    tls_port },
	[LOOKS_HTTP2] = { "the port speaks HTTP/2 in plain text, as servers "
			  "of gRPC do, not TLS",
	    tls_port },
	[LOOKS_HTML] = { "the port speaks plain HTTP, not TLS: some web "
			 "servers answer what is no request with a page of "
			 "HTML alone",
	    tls_port },
	[LOOKS_XML] = { "the port speaks plain XML, as an XMPP server does "
			"until STARTTLS",
	    starttls },
	[LOOKS_SSH] = { "the port is that of an SSH server", tls_port },
	[LOOKS_MAIL] = { "the port is that of a mail or FTP server, which "
			 "begins in plain text",
	    starttls },
	[LOOKS_IMAP] = { "the port is that of an IMAP server, which begins "
			 "in plain text",
	    starttls },
	[LOOKS_POP3] = { "the port is that of a POP3 server, which begins in "
			 "plain text",
	    starttls },
	[LOOKS_REDIS] = { "the port is that of a server of plain text, such "
			  "as Redis",
	    tls_port },
	[LOOKS_MYSQL] = { "the port is that of a MySQL or MariaDB server, "
			  "which begins in plain text",
	    own_start },
	[LOOKS_PROXY_1] = { "something on the way sends a PROXY header to the "
			    "client",
	    tls_port },
	[LOOKS_PROXY_2] = { "something on the way sends a PROXY header to the "
			    "client",
	    tls_port },
	[LOOKS_JSON] = { "the port speaks plain text, JSON", tls_port },
};

static const struct advice echo = {
	"the port sends back what it receives, in plain text: it is an echo "
	"server without TLS",
	tls_port
};
static const struct advice other = { "what answers is not TLS", tls_port };

static bool
may_be_tls(const uint8_t *bytes, size_t n)
{
	return bytes[0] >= RECORD_FIRST && bytes[0] <= RECORD_LAST &&
	    (n < 2 || bytes[1] == 3);
}

const struct advice *
answer_advice(
    const uint8_t *bytes, size_t n, const uint8_t *sent, size_t sent_size)
{
	size_t both = n < sent_size ? n : sent_size;
	enum looks looks = looks_of(bytes, n);

	if (n == 0)
		return NULL;
	if (both >= ECHO_MIN && memcmp(bytes, sent, both) == 0)
		return &echo;
	if (may_be_tls(bytes, n))
		return NULL;
	return on_looks[looks].cause != NULL ? &on_looks[looks] : &other;
}
