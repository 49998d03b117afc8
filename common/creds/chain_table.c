/* chain_table: a set-associative table under a lock; see the header. */
#include "common/creds/chain_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

enum {
	WAYS = 8
};

struct entry {
	uint8_t key[TLS_CHAIN_KEY];
	struct tls_span span; /* empty: the entry is free */
};

/* Of each set the entry that was used last is first, and free ones are last. */
struct tls_chain_table {
	pthread_mutex_t lock;
	size_t sets, ways;
	struct entry *entries; /* NULL before the first */
};

void
tls_span_cut(struct tls_span *span, int64_t at_s, int64_t now_s)
{
	if (at_s <= now_s && at_s > span->from_s)
		span->from_s = at_s;
	if (at_s > now_s && at_s < span->until_s)
		span->until_s = at_s;
}

bool
tls_span_holds(const struct tls_span *span, int64_t now_s)
{
	return span->from_s <= now_s && now_s < span->until_s;
}

struct tls_chain_table *
tls_chain_table_new(size_t entries)
{
	struct tls_chain_table *table = calloc(1, sizeof *table);

	ASSERT(entries > 0);
	if (table == NULL)
		return NULL;
	table->ways = entries < WAYS ? entries : WAYS;
	table->sets = entries / table->ways;
	(void)pthread_mutex_init(&table->lock, NULL);
	return table;
}

void
tls_chain_table_free(struct tls_chain_table **table)
{
	struct tls_chain_table *t = *table;

	*table = NULL;
	if (t == NULL)
		return;
	(void)pthread_mutex_destroy(&t->lock);
	free(t->entries);
	free(t);
}

/* The key is a hash: any part of it is as good as a hash of it. */
static struct entry *
set_of(const struct tls_chain_table *table,
    const uint8_t key[static TLS_CHAIN_KEY])
{
	uint64_t head;

	memcpy(&head, key, sizeof head);
	return table->entries + head % table->sets * table->ways;
}

/* Its place in the set, or the last place. */
static size_t
place_of(const struct tls_chain_table *table, const struct entry *set,
    const uint8_t key[static TLS_CHAIN_KEY])
{
	size_t i = 0;

	while (
	    i + 1 < table->ways && memcmp(set[i].key, key, TLS_CHAIN_KEY) != 0)
		i++;
	return i;
}

static void
put_first(struct entry *set, size_t from, struct entry entry)
{
	memmove(set + 1, set, from * sizeof *set);
	set[0] = entry;
}

bool
tls_chain_table_lookup(struct tls_chain_table *table,
    const uint8_t key[static TLS_CHAIN_KEY], int64_t now_s)
{
	bool found = false;

	(void)pthread_mutex_lock(&table->lock);
	if (table->entries != NULL) {
		struct entry *set = set_of(table, key);
		size_t i = place_of(table, set, key);

		found = memcmp(set[i].key, key, TLS_CHAIN_KEY) == 0 &&
		    tls_span_holds(&set[i].span, now_s);
		if (found)
			put_first(set, i, set[i]);
	}
	(void)pthread_mutex_unlock(&table->lock);
	return found;
}

static bool
replace(struct tls_chain_table *table, const struct entry *entry)
{
	struct entry *set = set_of(table, entry->key);
	size_t i = place_of(table, set, entry->key);
	bool was_used = set[i].span.from_s < set[i].span.until_s;
	bool was_other = memcmp(set[i].key, entry->key, TLS_CHAIN_KEY) != 0;

	put_first(set, i, *entry);
	return was_used && was_other;
}

bool
tls_chain_table_insert(struct tls_chain_table *table,
    const uint8_t key[static TLS_CHAIN_KEY], const struct tls_span *span)
{
	struct entry entry = { .span = *span };
	bool evicted = false;

	ASSERT(span->from_s < span->until_s); /* or it would look free */
	memcpy(entry.key, key, TLS_CHAIN_KEY);
	(void)pthread_mutex_lock(&table->lock);
	if (table->entries == NULL)
		table->entries =
		    calloc(table->sets * table->ways, sizeof *table->entries);
	if (table->entries != NULL)
		evicted = replace(table, &entry);
	(void)pthread_mutex_unlock(&table->lock);
	return evicted;
}
