/* session_info: a heading and the lines of tls_info; see the header. */
#include "client/load/session_info.h"

#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/conn/conn.h"
#include "common/sys/addr.h"
#include "common/sys/file.h"
#include "common/tls/info.h"

void
session_info_write(
    int fd, const struct conn *conn, unsigned connection, unsigned worker)
{
	struct tls_info info;
	union addr_peer peer;
	char where[ADDR_TEXT];
	char text[TLS_INFO_TEXT + 256];
	int n;

	ASSERT(conn->state == CONN_OPEN);
	addr_of_peer(&peer, conn->sock.fd);
	tls_info_read(&info, &conn->tls);
	n = snprintf(text, sizeof text, "Connection %u (worker %u) to %s\n",
	    connection, worker, addr_format_peer(&peer, where));
	(void)tls_info_format(
	    &info, FACTS_LINES, text + n, sizeof text - 1 - (size_t)n);
	(void)strcat(text, "\n");
	(void)file_write_all(fd, text, strlen(text));
}

void
session_info_confirm(
    int fd, const struct conn *conn, unsigned connection, unsigned worker)
{
	struct tls_info info;
	char text[128];

	tls_info_read(&info, &conn->tls);
	if (!info.is_mutual_unknown)
		return;
	(void)snprintf(text, sizeof text,
	    "Connection %u (worker %u): IsMutuallyAuthenticated: %s\n",
	    connection, worker, info.is_mutual ? "true" : "false");
	(void)file_write_all(fd, text, strlen(text));
}
