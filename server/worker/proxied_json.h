/*
 * proxied_json: what a proxy says of a session, as JSON.
 *
 * Use:
 *	json_object_set_new(object, "proxy", proxied_json(session->proxied));
 */
#ifndef SERVER_WORKER_PROXIED_JSON_H
#define SERVER_WORKER_PROXIED_JSON_H

#include <jansson.h>

struct proxied;

/* An object, the caller's, while the header is known. NULL: no proxy, or no
 * memory. */
json_t *proxied_json(const struct proxied *proxied);

#endif
