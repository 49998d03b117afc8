/* session_info: a heading and the lines of tls_facts; see the header. */
#include "client/load/session_info.h"

#include <stdio.h>
#include <string.h>

#include "common/conn/conn.h"
#include "common/sys/addr.h"
#include "common/sys/file.h"
#include "common/tls/info.h"

void
facts_write(
    int fd, const struct conn *conn, unsigned connection, unsigned worker)
{
	struct tls_facts facts;
	union addr_peer peer;
	char where[ADDR_TEXT];
	char lines[TLS_FACTS_TEXT];
	char text[TLS_FACTS_TEXT + 256];

	addr_of_peer(&peer, conn->sock.fd);
	tls_facts_read(&facts, conn->tls);
	(void)snprintf(text, sizeof text,
	    "Connection %u (worker %u) to %s\n%s\n", connection, worker,
	    addr_format_peer(&peer, where),
	    tls_facts_format(&facts, TLS_FACTS_LINES, lines, sizeof lines));
	(void)file_write_all(fd, text, strlen(text));
}
