/* answer: texts of the routes; see the header. */
#include "tools/http/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/base/hex.h"
#include "tools/http/conns_json.h"
#include "tools/http/metrics.h"
#include "tools/http/page.h"
#include "tools/print/view_json.h"

#define JSON "application/json"
#define TEXT "text/plain; charset=utf-8"

enum {
	OK = 200,
	BAD_REQUEST = 400,
	NOT_FOUND = 404,
	UNAVAILABLE = 503,
	LIMIT_DEFAULT = 100
};

/* What an answer is made from. */
struct context {
	struct answer *answer;
	struct servers *servers;
	const struct answer_query *query;
	FILE *out;
};

static void
refuse(struct context *c, unsigned status, const char *line)
{
	c->answer->status = status;
	c->answer->content_type = TEXT;
	fprintf(c->out, "%s\n", line);
}

/* The one that is asked for. NULL: it has been refused. */
static struct watched *
find(struct context *c)
{
	struct watched *w = servers_find(c->servers, c->query->server);

	if (w == NULL && c->query->server != NULL)
		refuse(c, NOT_FOUND, "no server of this name is watched");
	else if (w == NULL)
		refuse(c, UNAVAILABLE, "there is no server");
	return w;
}

static void
make_page(struct context *c)
{
	unsigned char bytes[(ANSWER_NONCE - 1) / 2];
	char *nonce = c->answer->nonce;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
		refuse(c, UNAVAILABLE, "there is no randomness yet");
		return;
	}
	*hex_put(nonce, bytes, sizeof bytes, HEX_LOWER) = '\0';
	c->answer->content_type = "text/html; charset=utf-8";
	page_print(c->out, nonce);
}

/* What is wrong with a server, or NULL. */
static const char *
trouble_of(const struct sample *s)
{
	if (s == NULL)
		return "is not there";
	if (!servers_is_alive(s))
		return "is dead";
	for (unsigned slot = 1; slot < sample_slot_count(s); slot++)
		if (strcmp(sample_slot_state(s, slot), "ready") == 0)
			return NULL;
	return "has no worker that is ready";
}

static void
print_health(struct context *c, struct watched *w)
{
	const char *trouble = trouble_of(servers_fresh(w));

	if (trouble != NULL)
		c->answer->status = UNAVAILABLE;
	fprintf(c->out, "%s %s\n", w->name, trouble != NULL ? trouble : "ok");
}

/* Of one server, or of all; of none at all it is not good. */
static void
make_health(struct context *c)
{
	struct watched *w = find(c);

	if (w == NULL)
		return;
	if (c->query->server != NULL) {
		print_health(c, w);
		return;
	}
	for (unsigned i = 0; i < servers_count(c->servers); i++)
		print_health(c, servers_at(c->servers, i));
}

static void
make_metrics(struct context *c)
{
	/* Without one, Prometheus 3 refuses to read the answer. */
	c->answer->content_type = PROMETHEUS_CONTENT_TYPE;
	if (metrics_print(c->servers, c->out) < 0)
		refuse(c, UNAVAILABLE, "out of memory");
}

static void
make_stats(struct context *c)
{
	struct watched *w = find(c);
	struct view view = { .all = true };

	if (w == NULL)
		return;
	view.now = servers_fresh(w);
	view.before = view.now == w->now ? w->before : w->now;
	c->answer->content_type = JSON;
	if (view.now == NULL)
		refuse(c, UNAVAILABLE, "there is no server");
	else if (view_json_print(&view, c->out) < 0)
		refuse(c, UNAVAILABLE, "out of memory");
}

/* False: it has been refused. */
static bool
read_query(struct context *c, struct conns_query *q)
{
	const struct answer_query *given = c->query;

	*q = (struct conns_query){ .filter = given->filter,
		.limit = LIMIT_DEFAULT,
		.reverse = given->reverse != NULL &&
		    strcmp(given->reverse, "0") != 0 };
	if (given->sort != NULL && !conns_parse_key(given->sort, &q->key)) {
		refuse(c, BAD_REQUEST, "sort: there is no such key");
		return false;
	}
	if (given->limit != NULL &&
	    !request_number(given->limit, 1, ANSWER_LIMIT, &q->limit)) {
		refuse(c, BAD_REQUEST, "limit: not a number from 1 to 1000");
		return false;
	}
	return true;
}

static void
make_connections(struct context *c)
{
	struct conns_query query;
	struct watched *w;
	const struct sample *now;

	if (!read_query(c, &query) || (w = find(c)) == NULL)
		return;
	now = servers_is_alive(w->now) ? w->now : NULL;
	c->answer->content_type = JSON;
	if (conns_json_print(now, w->before, &query, c->out) < 0)
		refuse(c, UNAVAILABLE, "out of memory");
}

static void
make(struct context *c, enum request_route route)
{
	switch (route) {
	case REQUEST_PAGE:
		make_page(c);
		break;
	case REQUEST_HEALTH:
		make_health(c);
		break;
	case REQUEST_METRICS:
		make_metrics(c);
		break;
	case REQUEST_STATS:
		make_stats(c);
		break;
	case REQUEST_CONNECTIONS:
		make_connections(c);
		break;
	case REQUEST_EVENTS:
	case REQUEST_NOT_FOUND:
		refuse(c, NOT_FOUND, "there is nothing here: see /");
		break;
	}
}

static FILE *
begin(struct answer *answer, unsigned status)
{
	*answer = (struct answer){ .status = status, .content_type = TEXT };
	return open_memstream(&answer->text, &answer->size);
}

static void
end(struct answer *answer, FILE *out)
{
	bool is_whole = !ferror(out);

	if (fclose(out) == 0 && is_whole)
		return;
	free(answer->text);
	answer->text = NULL;
}

void
answer_make(struct answer *answer, enum request_route route,
    struct servers *servers, const struct answer_query *query)
{
	FILE *out = begin(answer, OK);
	struct context c = { answer, servers, query, out };

	if (out == NULL)
		return;
	make(&c, route);
	end(answer, out);
}

void
answer_line(struct answer *answer, unsigned status, const char *line)
{
	FILE *out = begin(answer, status);

	if (out == NULL)
		return;
	fprintf(out, "%s\n", line);
	end(answer, out);
}
