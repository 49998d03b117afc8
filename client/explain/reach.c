/* reach: from a name to a connection. */
#include <stdio.h>

#include "client/explain/advice.h"
#include "client/explain/private.h"
#include "client/options.h"
#include "common/base/clock.h"

bool
explain_name(struct explain *x)
{
	int64_t began_ns = clock_now_ns();
	struct errmsg e;
	char text[ADDR_TEXT];

	if (addr_resolve(&x->addrs, x->options->target, ADDR_TO_CONNECT, &e) <
	    0) {
		steps_end(&x->steps, STEP_NAME, VERDICT_FAILED,
		    clock_now_ns() - began_ns, "%s", e.text);
		steps_blame(&x->steps,
		    "the name is misspelt, or DNS does not know it or does not "
		    "answer",
		    "look it up: getent ahosts NAME; or give an address, and "
		    "the name with --server-name");
		return false;
	}
	for (int i = 0; i < x->addrs.count; i++)
		steps_detail(&x->steps, STEP_NAME, "%s",
		    addr_format(&x->addrs.of[i], text));
	steps_end(&x->steps, STEP_NAME, VERDICT_OK, clock_now_ns() - began_ns,
	    "%s: %d address%s", x->options->target, x->addrs.count,
	    x->addrs.count == 1 ? "" : "es");
	if (sources_match(&x->options->sources, &x->addrs, &e) == 0)
		return true;
	steps_end(&x->steps, STEP_NAME, VERDICT_FAILED, 0, "%s", e.text);
	steps_blame(&x->steps, "--bind is of another family than the server",
	    "give an address of the server's family");
	return false;
}

/* Those after it are to have as much time as it has. */
static bool
try_address(struct explain *x, int i)
{
	int64_t now_ns = clock_now_ns();
	char text[ADDR_TEXT];

	x->tries = i + 1;
	x->tried[i] = dialogue_open(&x->first, x->options, &x->addrs.of[i],
	    now_ns + (x->open_by_ns - now_ns) / (x->addrs.count - i));
	if (x->tried[i] == REASON_NONE)
		return true;
	steps_detail(&x->steps, STEP_TCP, "%s: %s",
	    addr_format(&x->addrs.of[i], text), close_reason_text(x->tried[i]));
	return false;
}

static void
connected(struct explain *x, int64_t took_ns)
{
	struct addr own;
	char to[ADDR_TEXT];
	char from[ADDR_TEXT];
	bool is_first = x->tries == 1;

	addr_of_socket(&own, x->first.wire.fd);
	steps_end(&x->steps, STEP_TCP, is_first ? VERDICT_OK : VERDICT_WARNING,
	    took_ns, "connected to %s from %s%s",
	    addr_format(&x->addrs.of[x->tries - 1], to),
	    addr_format(&own, from),
	    is_first ? "" : ", but not to each address");
}

bool
explain_tcp(struct explain *x)
{
	int64_t began_ns = clock_now_ns();
	const struct advice *advice;

	x->open_by_ns = began_ns + x->options->connect_timeout_ns;
	for (int i = 0; i < x->addrs.count; i++) {
		if (!try_address(x, i))
			continue;
		connected(x, clock_now_ns() - began_ns);
		return true;
	}
	advice = advice_on_connect(x->tried[0]);
	steps_end(&x->steps, STEP_TCP, VERDICT_FAILED,
	    clock_now_ns() - began_ns, "%s", close_reason_text(x->tried[0]));
	steps_blame(&x->steps, advice->cause, advice->remedy);
	return false;
}
