/* kinds: which of them the options ask for; see the header. */
#include "client/load/kinds.h"

#include "client/options.h"

const struct load_kind *
kinds_choose(const struct options *o)
{
	if (o->idle)
		return &load_idle;
	if (o->handshakes)
		return o->rate > 0 ? &load_crr_open : &load_crr_closed;
	return o->rate > 0 ? &load_rr_open : &load_rr_closed;
}
