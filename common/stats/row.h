/*
 * row: what a segment says of one open connection, and of one failed handshake.
 *
 * Rows are of 128 bytes, two cache lines: what an echo changes is in the first
 * one, what the end of the handshake fixes fills the rest. Each row has one
 * writer. Rows that readers hand out are copies; text in them ends with a NUL
 * and has nothing that controls a terminal.
 *
 * Numbers of versions, cipher suites, groups and alerts are IANA's (TLS
 * Parameters); 0 stands for none, or for one that is not known.
 */
#ifndef COMMON_STATS_ROW_H
#define COMMON_STATS_ROW_H

#include <stdint.h>

enum {
	STATS_ROW_NAME = 40,    /* of an identity, with its NUL */
	STATS_ROW_ADDRESS = 16, /* an IPv6 address; IPv4 as ::ffff:a.b.c.d */
};

enum stats_row_state {
	STATS_ROW_FREE,
	STATS_ROW_HANDSHAKE,
	STATS_ROW_OPEN,
	STATS_ROW_CLOSING, /* one side has ended, the rest is delivered */
	STATS_ROW_TORN,    /* made by a reader: its writer died in mid-write */
};

enum {
	STATS_ROW_RESUMED = 1 << 0,
	STATS_ROW_NAME_CUT = 1 << 1,
};

/* An open connection. Times are of CLOCK_MONOTONIC. */
struct stats_row {
	/* Odd while the rest is being written; even otherwise. */
	_Atomic uint32_t sequence;
	uint8_t state; /* enum stats_row_state */
	uint8_t flags;
	uint16_t port;             /* of the peer, host byte order */
	_Atomic int64_t active_ns; /* data last came in; 0: not yet */
	_Atomic uint64_t bytes_received, bytes_sent; /* application data */
	_Atomic uint64_t read_operations;            /* as the counter */
	uint64_t id;       /* of the connection, in its worker, from 1 */
	int64_t opened_ns; /* it was accepted */
	uint16_t version, suite, group, reserved;

	uint8_t address[STATS_ROW_ADDRESS];
	uint32_t reserved2[2];
	char name[STATS_ROW_NAME]; /* the subject; without one a name */
};
_Static_assert(sizeof(struct stats_row) == 128, "two cache lines");

/* What stats_offender's has_alert says. */
enum stats_alert {
	STATS_ALERT_NONE,
	STATS_ALERT_SENT,
	STATS_ALERT_RECEIVED,
};

/* A handshake that failed. */
struct stats_offender {
	_Atomic uint32_t sequence;
	uint16_t port;
	uint16_t reason; /* enum close_reason of the release that wrote it */
	int64_t wall_ns; /* since 1970 */
	uint8_t address[STATS_ROW_ADDRESS];
	uint8_t alert;     /* RFC 8446, 6; that we sent or the peer did */
	uint8_t has_alert; /* enum stats_alert */
	uint8_t reserved[6];
	char cause[32];            /* a word such as "unknown_issuer" */
	char name[STATS_ROW_NAME]; /* of the certificate shown, or "" */
	uint8_t reserved2[16];
};
_Static_assert(sizeof(struct stats_offender) == 128, "two cache lines");

#endif
