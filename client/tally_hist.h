/*
 * tally_hist: the histograms of a tally, and what they are called.
 */
#ifndef CLIENT_TALLY_HIST_H
#define CLIENT_TALLY_HIST_H

/* In nanoseconds. */
enum tally_hist {
	TALLY_HIST_CONNECT,       /* TCP, to the address that answered */
	TALLY_HIST_TLS_HANDSHAKE, /* from there until it is complete */
	TALLY_HIST_FIRST_ECHO,    /* of a connection, since it was sent */
	TALLY_HIST_ROUND_TRIP,    /* response time: with --rate since due */
	TALLY_HIST_TRANSACTION,   /* likewise */
	TALLY_HIST_SERVICE,  /* with --rate: of either, since it was begun */
	TALLY_HIST_LATENESS, /* of noticing events of an open loop */
	TALLY_HISTS
};

/* "round_trip", as keys of JSON are; and "round trip", for people. */
const char *tally_hist_key(enum tally_hist which);
const char *tally_hist_title(enum tally_hist which);

#endif
