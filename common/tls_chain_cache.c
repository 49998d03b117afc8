/* tls_chain_cache: a set-associative table under a lock; see the header. */
#include "common/tls_chain_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/assertion.h"

enum {
	WAYS = 8
};

struct entry {
	uint8_t key[TLS_CHAIN_KEY];
	struct tls_span span; /* empty: the entry is free */
};

/* Of each set the entry that was used last is first, and free ones are last. */
struct tls_chain_cache {
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

struct tls_chain_cache *
tls_chain_cache_new(size_t entries)
{
	struct tls_chain_cache *cache = calloc(1, sizeof *cache);

	ASSERT(entries > 0);
	if (cache == NULL)
		return NULL;
	cache->ways = entries < WAYS ? entries : WAYS;
	cache->sets = entries / cache->ways;
	(void)pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void
tls_chain_cache_free(struct tls_chain_cache **cache)
{
	struct tls_chain_cache *c = *cache;

	*cache = NULL;
	if (c == NULL)
		return;
	(void)pthread_mutex_destroy(&c->lock);
	free(c->entries);
	free(c);
}

/* The key is a hash: any part of it is as good as a hash of it. */
static struct entry *
set_of(const struct tls_chain_cache *cache,
    const uint8_t key[static TLS_CHAIN_KEY])
{
	uint64_t head;

	memcpy(&head, key, sizeof head);
	return cache->entries + head % cache->sets * cache->ways;
}

/* Its place in the set, or the last place. */
static size_t
place_of(const struct tls_chain_cache *cache, const struct entry *set,
    const uint8_t key[static TLS_CHAIN_KEY])
{
	size_t i = 0;

	while (
	    i + 1 < cache->ways && memcmp(set[i].key, key, TLS_CHAIN_KEY) != 0)
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
tls_chain_cache_find(struct tls_chain_cache *cache,
    const uint8_t key[static TLS_CHAIN_KEY], int64_t now_s)
{
	bool found = false;

	(void)pthread_mutex_lock(&cache->lock);
	if (cache->entries != NULL) {
		struct entry *set = set_of(cache, key);
		size_t i = place_of(cache, set, key);

		found = memcmp(set[i].key, key, TLS_CHAIN_KEY) == 0 &&
		    tls_span_holds(&set[i].span, now_s);
		if (found)
			put_first(set, i, set[i]);
	}
	(void)pthread_mutex_unlock(&cache->lock);
	return found;
}

static bool
replace(struct tls_chain_cache *cache, const struct entry *entry)
{
	struct entry *set = set_of(cache, entry->key);
	size_t i = place_of(cache, set, entry->key);
	bool is_used = set[i].span.from_s < set[i].span.until_s;
	bool is_other = memcmp(set[i].key, entry->key, TLS_CHAIN_KEY) != 0;

	put_first(set, i, *entry);
	return is_used && is_other;
}

bool
tls_chain_cache_add(struct tls_chain_cache *cache,
    const uint8_t key[static TLS_CHAIN_KEY], const struct tls_span *span)
{
	struct entry entry = { .span = *span };
	bool evicted = false;

	memcpy(entry.key, key, TLS_CHAIN_KEY);
	(void)pthread_mutex_lock(&cache->lock);
	if (cache->entries == NULL)
		cache->entries =
		    calloc(cache->sets * cache->ways, sizeof *cache->entries);
	if (cache->entries != NULL)
		evicted = replace(cache, &entry);
	(void)pthread_mutex_unlock(&cache->lock);
	return evicted;
}
