/*
 * fields: the keys of a run's document, of which type each is, and what becomes
 * of it when runs are put together.
 */
#ifndef CLIENT_RUNS_FIELDS_H
#define CLIENT_RUNS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum field_type {
	FIELD_TEXT,
	FIELD_FLAG,
	FIELD_COUNT,  /* an integer from 0 on */
	FIELD_REAL,   /* a number from 0 on */
	FIELD_COUNTS, /* an object whose values are counts */
	FIELD_OBJECT,
	FIELD_LIST
};

enum field_union {
	FIELD_APART, /* code of its own makes it, or it is left out */
	FIELD_ALL,   /* true if it is in all */
	FIELD_ANY,   /* true if it is in any */
	FIELD_SUM,   /* null if it is in any; of an object: key by key */
	FIELD_MAX,
	FIELD_FIRST /* of the first run in which it is not null */
};

struct field {
	const char *key;
	enum field_type type;
	bool may_be_null;
	enum field_union of_many;
};

/* Of the document; key NULL ends this one and all others. */
extern const struct field field_table[];

/* Of the objects in it that are called so. */
extern const struct field field_configuration_table[];
extern const struct field field_environment_table[];
extern const struct field field_connections_table[];
extern const struct field field_traffic_table[];
extern const struct field field_measured_table[];
extern const struct field field_expectations_table[];
extern const struct field field_merged_table[];

/* Of the summary of a histogram: "handshake", "round_trip", and so on. */
extern const struct field field_latency_table[];

/* Of each object in "series", "addresses", "negotiated" and "goals"; in
 * merged.files; and in merged.incomplete and merged.missed. */
extern const struct field field_series_table[];
extern const struct field field_address_table[];
extern const struct field field_negotiated_table[];
extern const struct field field_goal_table[];
extern const struct field field_part_table[];
extern const struct field field_remark_table[];

#endif
