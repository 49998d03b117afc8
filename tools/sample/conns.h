/*
 * conns: the open connections of a sample, as a list to look at: with rates,
 * filtered, sorted.
 *
 * Owns:	the list; it points into the sample, which must outlive it.
 * Use:
 *	conns_list(&list, now, before, &query);
 *	for (size_t i = 0; i < list.count; i++)
 *		... list.items[i] ...
 *	conns_free(&list);
 */
#ifndef TOOLS_SAMPLE_CONNS_H
#define TOOLS_SAMPLE_CONNS_H

#include "tools/sample/sample.h"

struct conns_item {
	const struct sample_conn *conn;
	double bytes_per_second; /* received; 0 until there are two samples */
	double read_operations_per_second;
};

enum conns_key {
	CONNS_BY_RATE, /* bytes a second; the default */
	CONNS_BY_BYTES,
	CONNS_BY_READS,
	CONNS_BY_AGE,
	CONNS_BY_IDLE,
	CONNS_BY_PEER,
	CONNS_BY_NAME,
	CONNS_BY_WORKER,
	CONNS_BY_STATE,
	CONNS_KEYS
};

struct conns_query {
	enum conns_key key;
	bool reverse;       /* smallest first; for words, Z first */
	const char *filter; /* NULL or "": all; else in any column, as shown,
			     * whatever the case */
	size_t limit;       /* 0: all */
};

struct conns_list {
	struct conns_item *items;
	size_t count;
	size_t matched; /* before the limit */
	size_t total;   /* before the filter */
};

/* before may be NULL, or of another server. 0, or -1: no memory. */
int conns_list(struct conns_list *list, const struct sample *now,
    const struct sample *before, const struct conns_query *query);
void conns_free(struct conns_list *list);

/* "rate", "bytes", ...; and back: false when there is no such word. */
const char *conns_key_word(enum conns_key key);
bool conns_parse_key(const char *word, enum conns_key *key);

enum {
	CONNS_TEXT = 64
};

/* What is shown of a row. Words are IANA's (TLS Parameters), in hexadecimal
 * where the number is not known here, "-" for none. */
const char *conns_peer(const uint8_t address[static STATS_ROW_ADDRESS],
    uint16_t port, char text[static CONNS_TEXT]);
const char *conns_state(const struct stats_row *row);
const char *conns_version(uint16_t version, char text[static CONNS_TEXT]);
const char *conns_suite(uint16_t suite, char text[static CONNS_TEXT]);
const char *conns_group(uint16_t group, char text[static CONNS_TEXT]);
int64_t conns_age_ns(const struct sample *s, const struct stats_row *row);
/* Since data came in or, without any, since it was accepted. */
int64_t conns_idle_ns(const struct sample *s, const struct stats_row *row);

#endif
