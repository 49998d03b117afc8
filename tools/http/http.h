/*
 * http: serves what servers count over HTTP/1.1 (RFC 9110, RFC 9112), and a
 * page that shows it live, until SIGTERM or SIGINT.
 *
 * Everything happens in one thread, in one poll(2) loop: sample_take allows no
 * second one. Nothing that is served changes anything.
 *
 * Use:
 *	if (http_run(&options, &e) < 0) ...
 */
#ifndef TOOLS_HTTP_HTTP_H
#define TOOLS_HTTP_HTTP_H

#include <stdint.h>

#include "common/base/errmsg.h"

struct http_options {
	const char *address;      /* of addr.h; without a host: 127.0.0.1 */
	const char *const *names; /* of segments, or patterns; NULL ends it */
	int64_t interval_ns;      /* between samples */
	/* Between comments where there are no events; 0: 15 s, as the HTML
	 * Living Standard advises. */
	int64_t keep_alive_ns;
};

/* Prints one line with its address when it is ready. 0 after a signal; -1 with
 * the reason when it could not start. */
int http_run(const struct http_options *options, struct errmsg *e);

#endif
