/* server_stats: two snapshots, and what lies between; see the header. */
#include "client/server_stats.h"

#include <string.h>
#include <time.h>

#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/stats/guard.h"
#include "common/stats/reader.h"

static const int64_t wait_max_ns = 5 * CLOCK_NS_PER_S;
static const struct timespec poll_interval = { .tv_nsec = 1000000 };

/* What a failure of a connection allows. */
enum tolerance {
	ONE_FOR_EACH,    /* of those that failed, either way */
	SERVER_HAS_LESS, /* of what the client sent */
	SERVER_HAS_MORE, /* than the client received */
};

static const struct {
	const char *name; /* of the server's */
	enum stats_counter client;
	enum tolerance tolerance;
} counters[SERVER_STATS_ROWS] = {
	{ "accepted", STATS_ACCEPTED, ONE_FOR_EACH },
	{ "handshakes_completed", STATS_HANDSHAKES_COMPLETED, ONE_FOR_EACH },
	{ "handshakes_resumed", STATS_HANDSHAKES_RESUMED, ONE_FOR_EACH },
	{ "handshakes_failed", STATS_HANDSHAKES_FAILED, ONE_FOR_EACH },
	{ "read_operations", STATS_WRITE_OPERATIONS, SERVER_HAS_LESS },
	{ "write_operations", STATS_READ_OPERATIONS, SERVER_HAS_MORE },
	{ "bytes_received", STATS_BYTES_SENT, SERVER_HAS_LESS },
	{ "bytes_sent", STATS_BYTES_RECEIVED, SERVER_HAS_MORE },
};

static uint64_t
sum_slots(const struct stats_shm *shm, unsigned field)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < stats_shm_header(shm)->slot_count; i++)
		sum += stats_shm_value(shm, i, field);
	return sum;
}

static bool
is_named(const struct stats_shm *shm, unsigned field, const char *name)
{
	return strcmp(stats_shm_field(shm, field)->name, name) == 0;
}

static bool
merge_slots(const struct stats_shm *shm, unsigned field, struct hist *into)
{
	for (unsigned i = 0; i < stats_shm_header(shm)->slot_count; i++)
		if (stats_shm_merge_hist(shm, i, field, into) < 0)
			return false;
	return true;
}

static void
read_field(
    const struct stats_shm *shm, unsigned field, struct server_snapshot *s)
{
	enum stats_kind kind = stats_shm_field(shm, field)->kind;

	if (kind == STATS_KIND_HIST && is_named(shm, field, "echo_time"))
		s->has_echo_time = merge_slots(shm, field, &s->echo_time);
	for (int i = 0; i < SERVER_STATS_ROWS; i++)
		if (kind == STATS_KIND_TOTAL &&
		    is_named(shm, field, counters[i].name)) {
			s->values[i] = sum_slots(shm, field);
			s->has[i] = true;
		}
}

static uint64_t
count_gone(const struct stats_shm *shm)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < stats_shm_header(shm)->field_count; i++)
		if (is_named(shm, i, "ended") || is_named(shm, i, "refused"))
			sum += sum_slots(shm, i);
	return sum;
}

/* In nanoseconds, where /proc has hundredths of a second; or -1. */
static int64_t
cpu_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &used) < 0)
		return -1;
	return used.tv_sec * CLOCK_NS_PER_S + used.tv_nsec;
}

static void
add_cpu(struct server_snapshot *s, pid_t pid)
{
	int64_t cpu_ns = cpu_of(pid);

	s->cpu_ns = s->cpu_ns < 0 || cpu_ns < 0 ? -1 : s->cpu_ns + cpu_ns;
}

/* It signs for all of them. */
static void
add_signer(const struct stats_shm *shm, struct server_snapshot *s)
{
	for (unsigned i = 0; i < stats_shm_header(shm)->field_count; i++) {
		uint64_t pid =
		    is_named(shm, i, "signer_pid") ? sum_slots(shm, i) : 0;

		if (pid == 0)
			continue;
		s->processes += pid;
		add_cpu(s, (pid_t)pid);
	}
}

static void
read_processes(const struct stats_shm *shm, struct server_snapshot *s)
{
	for (unsigned i = 0; i < stats_shm_header(shm)->slot_count; i++) {
		pid_t pid = stats_shm_pid(shm, i);

		if (stats_shm_state(shm, i) == STATS_SLOT_EMPTY || pid <= 0)
			continue;
		s->processes +=
		    (uint64_t)stats_shm_started_ns(shm, i) + (uint64_t)pid;
		add_cpu(s, pid);
	}
	add_signer(shm, s);
}

/* What a guarded read works on. */
struct taking {
	const struct stats_shm *shm;
	struct server_snapshot *into;
};

static void
take_all(void *arg)
{
	const struct taking *t = arg;

	memset(t->into, 0, sizeof *t->into);
	for (unsigned i = 0; i < stats_shm_header(t->shm)->field_count; i++)
		read_field(t->shm, i, t->into);
	read_processes(t->shm, t->into);
	t->into->gone = count_gone(t->shm);
}

static void
take_gone(void *arg)
{
	const struct taking *t = arg;

	t->into->gone = count_gone(t->shm);
}

static int
read_segment(const struct server_stats *server, void (*take)(void *),
    struct server_snapshot *into, struct errmsg *e)
{
	struct taking taking = { .shm = server->shm, .into = into };

	if (!stats_guarded(take, &taking))
		return errmsg_set(e,
		    "segment '%s' was cut short while it was read",
		    server->name);
	return 0;
}

int
server_stats_open(
    struct server_stats *server, const char *name, struct errmsg *e)
{
	int result;

	*server = (struct server_stats){ .name = name, .cpu_ns = -1 };
	if (stats_shm_attach(&server->shm, name, e) < 0)
		return errmsg_prepend(e, "--server-stats");
	if (stats_shm_owner(server->shm) == 0)
		result = errmsg_set(e,
		    "the server of segment '%s' is dead: start it again, or "
		    "name one that runs",
		    name);
	else
		result = read_segment(server, take_all, &server->before, e);
	if (result == 0)
		return 0;
	server_stats_close(server);
	return errmsg_prepend(e, "--server-stats");
}

/* A client connects where the server accepts. */
static uint64_t
count(const struct tally *t, enum stats_counter c)
{
	return c == STATS_ACCEPTED ? hist_count(&t->hists[TALLY_HIST_CONNECT])
				   : tally_stat(t, c);
}

/* Of all workers; the server knows nothing of a warm-up. */
static uint64_t
client_count(const struct job *job, enum stats_counter c)
{
	uint64_t sum = count(job->totals, c);

	for (unsigned i = 0; i < job->options->workers; i++)
		sum += count(&job->warmups[i], c);
	return sum;
}

static uint64_t
count_messages(const struct job *job)
{
	uint64_t sum = tally_get(job->totals, TALLY_ROUND_TRIPS);

	for (unsigned i = 0; i < job->options->workers; i++)
		sum += tally_get(&job->warmups[i], TALLY_ROUND_TRIPS);
	return sum;
}

static int
check_alive(const struct server_stats *server, struct errmsg *e)
{
	if (stats_shm_owner(server->shm) == 0)
		return errmsg_set(e, "it ended during the run");
	if (!stats_shm_is_named(server->shm))
		return errmsg_set(e,
		    "it gave up its name during the run: it drains, or another "
		    "server has that name");
	return 0;
}

/* What has not ended by then shows as a difference. */
static int
await_ends(struct server_stats *server, const struct job *job, struct errmsg *e)
{
	uint64_t wanted =
	    server->before.gone + client_count(job, STATS_ACCEPTED);
	int64_t deadline_ns = clock_now_ns() + wait_max_ns;

	for (;;) {
		if (check_alive(server, e) < 0 ||
		    read_segment(server, take_gone, &server->after, e) < 0)
			return -1;
		if (server->after.gone >= wanted ||
		    clock_now_ns() >= deadline_ns)
			return 0;
		(void)nanosleep(&poll_interval, NULL);
	}
}

static bool
agrees(const struct server_row *row, enum tolerance tolerance,
    const struct server_loss *loss)
{
	bool has_less = row->server < row->client;
	uint64_t off =
	    has_less ? row->client - row->server : row->server - row->client;

	if (tolerance == ONE_FOR_EACH)
		return off <= loss->connections;
	return off == 0 ||
	    (loss->data && has_less == (tolerance == SERVER_HAS_LESS));
}

static void
compare_counters(struct server_stats *server, const struct job *job,
    const struct server_loss *loss)
{
	for (int i = 0; i < SERVER_STATS_ROWS; i++) {
		struct server_row *row = &server->rows[server->count];

		if (!server->before.has[i] || !server->after.has[i])
			continue;
		*row = (struct server_row){ .name = counters[i].name,
			.client = client_count(job, counters[i].client),
			.server = server->after.values[i] -
			    server->before.values[i] };
		row->agrees = agrees(row, counters[i].tolerance, loss);
		server->count++;
	}
}

/* hist_subtract leaves the maximum of all time, which may be of no value of
 * the run: no value is behind the last bucket. */
static void
limit_max(struct hist *h)
{
	unsigned end = HIST_BUCKETS;

	while (end > 0 && counter_get(&h->buckets[end - 1]) == 0)
		end--;
	if (end == 0)
		counter_set(&h->max, 0);
	else if (end < HIST_BUCKETS && hist_max(h) >= hist_bucket_low(end))
		counter_set(&h->max, hist_bucket_low(end) - 1);
}

static void
compare_echo_time(struct server_stats *server)
{
	const struct server_snapshot *before = &server->before;
	const struct server_snapshot *after = &server->after;

	server->has_echo_time = before->has_echo_time && after->has_echo_time;
	if (!server->has_echo_time)
		return;
	hist_merge(&server->echo_time, &after->echo_time);
	hist_subtract(&server->echo_time, &before->echo_time);
	limit_max(&server->echo_time);
}

void
server_stats_compare(struct server_stats *server, const struct job *job,
    const struct server_loss *loss)
{
	const struct server_snapshot *before = &server->before;
	const struct server_snapshot *after = &server->after;

	compare_counters(server, job, loss);
	compare_echo_time(server);
	server->messages = count_messages(job);
	if (before->cpu_ns >= 0 && after->cpu_ns >= 0 &&
	    before->processes == after->processes)
		server->cpu_ns = after->cpu_ns - before->cpu_ns;
}

void
server_stats_join(struct server_stats *server, const struct job *job,
    const struct server_loss *loss)
{
	if (await_ends(server, job, &server->lost) == 0 &&
	    read_segment(server, take_all, &server->after, &server->lost) ==
		0 &&
	    check_alive(server, &server->lost) == 0) {
		server_stats_compare(server, job, loss);
		server->lost.text[0] = '\0';
	}
}

double
server_stats_cpu_each_ns(const struct server_stats *server)
{
	return (double)server->cpu_ns / (double)server->messages;
}

unsigned
server_stats_differing(const struct server_stats *server)
{
	unsigned count = 0;

	for (unsigned i = 0; i < server->count; i++)
		count += !server->rows[i].agrees;
	return count;
}

void
server_stats_close(struct server_stats *server)
{
	stats_shm_close(&server->shm);
}
