/* tally_hist: their names; see the header. */
#include "client/tally_hist.h"

#include "common/base/assertion.h"

static const struct {
	const char *key, *title;
} hist_names[TALLY_HISTS] = {
	[TALLY_HIST_CONNECT] = { "connect", "TCP connect" },
	[TALLY_HIST_TLS_HANDSHAKE] = { "tls_handshake", "TLS" },
	[TALLY_HIST_FIRST_ECHO] = { "first_echo", "first echo" },
	[TALLY_HIST_ROUND_TRIP] = { "round_trip", "round trip" },
	[TALLY_HIST_TRANSACTION] = { "transaction", "transaction" },
	[TALLY_HIST_SERVICE] = { "service", "service" },
	[TALLY_HIST_LATENESS] = { "lateness", "lateness" },
};

const char *
tally_hist_key(enum tally_hist which)
{
	ASSERT(which < TALLY_HISTS);
	return hist_names[which].key;
}

const char *
tally_hist_title(enum tally_hist which)
{
	ASSERT(which < TALLY_HISTS);
	return hist_names[which].title;
}
