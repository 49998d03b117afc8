/*
 * identities_json: how the identities of a run came out, and what was expected
 * of them, for programs.
 *
 * Errors:	NULL when there is no memory.
 * Use:
 *	maker_set(m, root, "identities", identities_json(report));
 *	maker_set(m, root, "expectations", expectations_json(report));
 */
#ifndef CLIENT_REPORT_IDENTITIES_JSON_H
#define CLIENT_REPORT_IDENTITIES_JSON_H

#include <jansson.h>

struct report;

/* JSON's null without --identities, and without --expect. */
json_t *identities_json(const struct report *report);
json_t *expectations_json(const struct report *report);

#endif
