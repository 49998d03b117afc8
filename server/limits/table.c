/* table: open addressing in shared memory; see the header. */
#include "server/limits/table.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "server/config.h"

enum {
	PLACES_MIN = 1 << 10,
	PLACES_MAX = 1 << 22,
	PLACES_A_CONNECTION = 4, /* of two kinds, and half of them free */
	TRIES = 32,              /* places in which a key may be */
	GROUP = 64,              /* places that share a mark, see used */
	KEY_WORDS = 5,
};

static const int64_t patience_ns = CLOCK_NS_PER_S;
static const int64_t stuck_ns = CLOCK_NS_PER_MS;

/* What this file and its headers make of memory: another one, another mark. */
static const uint64_t mark = UINT64_C(0x74626c312d303031);

struct limits_table {
	uint64_t mark; /* the last that is written at first */
	pthread_mutex_t mutex;
	uint64_t random[KEY_WORDS + 1];
	size_t size, entry_size; /* bytes: of the mapping; of an entry */
	uint32_t places;         /* a power of two */
	unsigned workers;
	uint32_t locks; /* how many there were; see table_entry.found */
	/* Not 0: something of the group has been used. Memory that was never
	 * used is not there, and shall not come to be by being looked at. */
	_Atomic uint8_t used[PLACES_MAX / GROUP];
	_Alignas(64) uint8_t entries[];
};

static struct table_entry *
entry_at(struct limits_table *t, uint32_t place)
{
	return (
	    struct table_entry *)(void *)(t->entries + place * t->entry_size);
}

static uint32_t
place_of(const struct limits_table *t, const struct table_entry *entry)
{
	return (uint32_t)((size_t)((const uint8_t *)entry - t->entries) /
	    t->entry_size);
}

static uint32_t
places_for(uint64_t connections)
{
	uint32_t places = PLACES_MIN;

	while (
	    places < PLACES_MAX && places < connections * PLACES_A_CONNECTION)
		places *= 2;
	return places;
}

static int
init_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;
	int error = pthread_mutexattr_init(&attr);

	if (error != 0)
		return error;
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	error = pthread_mutex_init(mutex, &attr);
	(void)pthread_mutexattr_destroy(&attr);
	return error;
}

static size_t
entry_size_for(unsigned workers)
{
	ASSERT(workers >= 1 && workers <= CONFIG_SLOTS_MAX);
	return sizeof(struct table_entry) +
	    (workers + 1) / 2 * 2 * sizeof(uint32_t);
}

static size_t
size_for(unsigned workers, uint64_t connections)
{
	return sizeof(struct limits_table) +
	    places_for(connections) * entry_size_for(workers);
}

/* NULL with an error in errno. */
static struct limits_table *
map(int fd, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at != MAP_FAILED ? at : NULL;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Of a size that is sealed. A descriptor, or -1 with an error in errno. */
static int
open_memory(size_t size)
{
	int fd = memfd_create("limits", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
		return fd;
	close_fd(&fd);
	return -1;
}

int
table_new(struct limits_table **table, int *fd, unsigned workers,
    uint64_t connections, struct errmsg *e)
{
	size_t size = size_for(workers, connections);
	struct limits_table *t;

	*table = NULL;
	*fd = open_memory(size);
	t = *fd >= 0 ? map(*fd, size) : NULL;
	if (t == NULL) {
		(void)errmsg_set_errno(e, errno, "limits: memory");
		close_fd(fd);
		return -1;
	}
	t->size = size;
	t->entry_size = entry_size_for(workers);
	t->places = places_for(connections);
	t->workers = workers;
	*table = t;
	if (init_mutex(&t->mutex) != 0 ||
	    getrandom(t->random, sizeof t->random, 0) !=
		(ssize_t)sizeof t->random) {
		table_free(table);
		close_fd(fd);
		return errmsg_set(e, "limits: no lock or no random numbers");
	}
	t->mark = mark;
	return 0;
}

/* There may be columns for more workers than there are slots by now. */
static bool
is_usable(const struct limits_table *t, size_t size, unsigned workers,
    uint64_t connections)
{
	return t->mark == mark && t->workers >= workers &&
	    t->workers <= CONFIG_SLOTS_MAX && t->size == size &&
	    t->places == places_for(connections) &&
	    t->entry_size == entry_size_for(t->workers) &&
	    size == size_for(t->workers, connections);
}

int
table_adopt(
    struct limits_table **table, int fd, unsigned workers, uint64_t connections)
{
	struct limits_table *t;
	struct stat st;

	*table = NULL;
	if (fstat(fd, &st) < 0 ||
	    (size_t)st.st_size < sizeof(struct limits_table))
		return -1;
	t = map(fd, (size_t)st.st_size);
	if (t == NULL)
		return -1;
	if (!is_usable(t, (size_t)st.st_size, workers, connections)) {
		(void)munmap(t, (size_t)st.st_size);
		return -1;
	}
	*table = t;
	return 0;
}

void
table_free(struct limits_table **table)
{
	if (*table != NULL)
		(void)munmap(*table, (*table)->size);
	*table = NULL;
}

/* gcc's ThreadSanitizer does not know pthread_mutex_clocklock, as of 12. */
static int
lock_within(pthread_mutex_t *mutex, int64_t ns)
{
#ifdef __SANITIZE_THREAD__
	int64_t by_ns = clock_wall_ns() + ns;
#else
	int64_t by_ns = clock_now_ns() + ns;
#endif
	const struct timespec by = { .tv_sec = by_ns / CLOCK_NS_PER_S,
		.tv_nsec = by_ns % CLOCK_NS_PER_S };

#ifdef __SANITIZE_THREAD__
	return pthread_mutex_timedlock(mutex, &by);
#else
	return pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &by);
#endif
}

/* Whoever died with it had at most made an entry, or counted in its column. */
bool
table_lock(struct limits_table *t)
{
	static bool is_stuck; /* of this process */
	int error = lock_within(&t->mutex, is_stuck ? stuck_ns : patience_ns);

	is_stuck = error == ETIMEDOUT;
	if (is_stuck)
		return false;
	if (error == EOWNERDEAD)
		(void)pthread_mutex_consistent(&t->mutex);
	t->locks++;
	return true;
}

void
table_unlock(struct limits_table *t)
{
	(void)pthread_mutex_unlock(&t->mutex);
}

/* Multilinear hashing: a sum of words times random ones, and its upper half. */
static uint32_t
hash(const struct limits_table *t, const struct table_key *key)
{
	uint32_t words[KEY_WORDS] = { [KEY_WORDS - 1] = key->prefix };
	uint64_t sum = t->random[KEY_WORDS];

	memcpy(words, key->address, sizeof key->address);
	for (int i = 0; i < KEY_WORDS; i++)
		sum += t->random[i] * words[i];
	return (uint32_t)(sum >> 32);
}

static bool
is_same(const struct table_key *a, const struct table_key *b)
{
	return a->prefix == b->prefix &&
	    memcmp(a->address, b->address, sizeof a->address) == 0;
}

uint64_t
table_open(const struct limits_table *t, const struct table_entry *entry)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < t->workers; i++)
		sum += atomic_load(&entry->open[i]);
	return sum;
}

static bool
is_free(const struct limits_table *t, const struct table_entry *entry,
    int64_t now_ns)
{
	return entry->key.prefix == 0 ||
	    (entry->found != t->locks &&
		atomic_load(&entry->next_ns) <= now_ns &&
		table_open(t, entry) == 0);
}

/* The key as a whole comes last, in case that this process is killed here. */
static void
take(struct limits_table *t, struct table_entry *entry,
    const struct table_key *key)
{
	entry->key.prefix = 0;
	atomic_store(&entry->next_ns, 0);
	memcpy(entry->key.address, key->address, sizeof key->address);
	atomic_store(&t->used[place_of(t, entry) / GROUP], 1);
	atomic_thread_fence(memory_order_seq_cst);
	entry->key.prefix = key->prefix;
}

static struct table_entry *
find(struct limits_table *t, const struct table_key *key, int64_t now_ns)
{
	uint32_t first = hash(t, key);
	struct table_entry *room = NULL;

	ASSERT(key->prefix >= 1 && key->prefix <= 128);
	for (uint32_t i = 0; i < TRIES; i++) {
		struct table_entry *entry =
		    entry_at(t, (first + i) & (t->places - 1));

		if (is_same(&entry->key, key))
			return entry;
		if (room == NULL && is_free(t, entry, now_ns))
			room = entry;
		if (entry->key.prefix == 0)
			break; /* it has never been further on */
	}
	if (room != NULL)
		take(t, room, key);
	return room;
}

struct table_entry *
table_find(struct limits_table *t, const struct table_key *key, int64_t now_ns)
{
	struct table_entry *entry = find(t, key, now_ns);

	if (entry != NULL)
		entry->found = t->locks;
	return entry;
}

uint32_t
table_count(struct limits_table *t, struct table_entry *entry, unsigned worker)
{
	ASSERT(worker < t->workers);
	atomic_fetch_add(&entry->open[worker], 1);
	return place_of(t, entry) + 1;
}

void
table_release(struct limits_table *t, uint32_t id, unsigned worker)
{
	uint32_t before;

	if (id == 0)
		return;
	ASSERT(id <= t->places && worker < t->workers);
	before = atomic_fetch_sub(&entry_at(t, id - 1)->open[worker], 1);
	ASSERT(before > 0);
}

void
table_forget(struct limits_table *t, unsigned worker)
{
	ASSERT(worker < t->workers);
	for (uint32_t i = 0; i < t->places; i++)
		if (atomic_load(&t->used[i / GROUP]) != 0)
			atomic_store(&entry_at(t, i)->open[worker], 0);
}
