/*
 * event_json: what the page is told of a server at each interval.
 *
 * Owns:	what it returns is the caller's, for free(3).
 * Errors:	NULL: no memory.
 * Use:
 *	text = event_json_sample(servers, watched);
 */
#ifndef TOOLS_HTTP_EVENT_JSON_H
#define TOOLS_HTTP_EVENT_JSON_H

struct servers;
struct watched;

/*
 * A point of the graphs: "t" in ms since 1970 and, if the server is alive,
 * "open", rates per second, quantiles in ns of what came since the point
 * before, and "heat": pairs of a band of echo times (event_json_bands) and how
 * many fell into it.
 */
char *event_json_point(const struct watched *w);

/* The lower ends in ns of all bands, an array of numbers: two an octave. */
char *event_json_bands(void);

/* All else that is shown, and the names of all servers. */
char *event_json_sample(struct servers *servers, const struct watched *w);

#endif
