/* negotiated: a short list; see the header. */
#include "client/negotiated.h"

#include <stdio.h>
#include <string.h>

#include "common/tls/params.h"

static bool
is_same(const struct negotiated_params *p, const struct tls_names *names)
{
	return strcmp(p->version, names->version) == 0 &&
	    strcmp(p->suite, names->suite) == 0 &&
	    strcmp(p->group, names->group) == 0 &&
	    strcmp(p->signature, names->signature) == 0 &&
	    strncmp(p->alpn, names->alpn, NEGOTIATED_NAME - 1) == 0;
}

static void
put(char to[static NEGOTIATED_NAME], const char *name)
{
	(void)snprintf(to, NEGOTIATED_NAME, "%s", name);
}

static void
fill(struct negotiated_params *p, const struct tls_names *names)
{
	put(p->version, names->version);
	put(p->suite, names->suite);
	put(p->group, names->group);
	put(p->signature, names->signature);
	p->is_post_quantum = names->is_post_quantum;
	put(p->alpn, names->alpn);
}

void
negotiated_add(
    struct negotiated *n, const struct tls_names *names, uint64_t connections)
{
	static const struct tls_names others = { "other", "other", "other",
		"other", false, "other" };
	struct negotiated_params *last = &n->of[NEGOTIATED_ENTRIES - 1];
	struct negotiated_params *p = n->of;

	while (p < last && p->connections > 0 && !is_same(p, names))
		p++;
	if (p->connections == 0)
		fill(p, p == last ? &others : names);
	p->connections += connections;
}

void
negotiated_merge(struct negotiated *into, const struct negotiated *from)
{
	const struct negotiated_params *p;

	for (unsigned i = 0; (p = negotiated_nth(from, i)) != NULL; i++) {
		const struct tls_names names = { p->version, p->suite, p->group,
			p->signature, p->is_post_quantum, p->alpn };

		negotiated_add(into, &names, p->connections);
	}
}

const struct negotiated_params *
negotiated_nth(const struct negotiated *n, unsigned i)
{
	return i < NEGOTIATED_ENTRIES && n->of[i].connections > 0 ? &n->of[i]
								  : NULL;
}
