/* demo_segment: commands over a socket pair to a child; see the header. */
#include "tests/support/demo_segment.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/stats/entry.h"
#include "common/stats/table.h"

enum verb {
	VERB_ADD,
	VERB_HIST,
	VERB_STATE,
	VERB_ROW,
	VERB_OFFENDER,
	VERB_TEAR,
	VERB_STEP_ASIDE
};

struct command {
	enum verb verb;
	unsigned slot;
	unsigned index; /* of counter or histogram; the state */
	int64_t value;  /* ns; pid */
	uint64_t n;
	uint8_t image[sizeof(struct stats_row)];
};

static void
write_row(struct stats_shm *shm, const struct command *c)
{
	struct stats_row *rows;

	atomic_store(&stats_shm_slot(shm, c->slot)->started_ns, 1);
	if (c->index < stats_shm_rows(shm, c->slot, &rows))
		stats_entry_write(&rows[c->index], c->image);
}

static void
tear_row(struct stats_shm *shm, const struct command *c)
{
	struct stats_row *rows;

	if (c->index < stats_shm_rows(shm, c->slot, &rows))
		atomic_fetch_or(&rows[c->index].sequence, 1);
}

static void
write_offender(struct stats_shm *shm, const struct command *c)
{
	struct stats_offender *ring;

	if (c->index < stats_shm_ring(shm, c->slot, &ring))
		stats_entry_write(&ring[c->index], c->image);
}

static void
carry_out(struct stats_shm *shm, const struct command *c)
{
	struct stats_slot *slot = stats_shm_slot(shm, c->slot);
	struct stats_shard *shard = &slot->shards[STATS_SHARD_ECHO];
	struct errmsg e;

	switch (c->verb) {
	case VERB_ADD:
		stats_add(shard, (enum stats_counter)c->index, c->n);
		break;
	case VERB_HIST:
		stats_hist_add(
		    shard, (enum stats_hist)c->index, c->value, c->n);
		break;
	case VERB_STATE:
		atomic_store(&slot->state, c->index);
		atomic_store(&slot->pid, (int32_t)c->value);
		break;
	case VERB_ROW:
		write_row(shm, c);
		break;
	case VERB_OFFENDER:
		write_offender(shm, c);
		break;
	case VERB_TEAR:
		tear_row(shm, c);
		break;
	case VERB_STEP_ASIDE:
		if (stats_shm_step_aside(shm, &e) < 0)
			_exit(1);
		break;
	}
}

static _Noreturn void
serve(int pipe, const char *name, unsigned slots)
{
	const struct stats_shm_options options = { .name = name,
		.slots = slots,
		.mode = 0640,
		.group = (gid_t)-1,
		.program = "demo 1.0",
		.rows = DEMO_SEGMENT_ROWS,
		.offenders = DEMO_SEGMENT_OFFENDERS };
	struct stats_shm *shm;
	struct command c;
	struct errmsg e;

	if (stats_shm_create(&shm, &options, &e) < 0) {
		fprintf(stderr, "demo_segment: %s\n", e.text);
		_exit(1);
	}
	while (write(pipe, "", 1) == 1 && read(pipe, &c, sizeof c) == sizeof c)
		carry_out(shm, &c);
	stats_shm_close(&shm);
	_exit(0);
}

static void
await_answer(struct demo_segment *demo)
{
	char byte;

	ck_assert_int_eq(read(demo->pipe, &byte, 1), 1);
}

void
demo_segment_name(char name[static STATS_SHM_NAME], const char *label)
{
	(void)snprintf(
	    name, STATS_SHM_NAME, "test-%s-%d", label, (int)getpid());
}

void
demo_segment_start_named(
    struct demo_segment *demo, const char *name, unsigned slots)
{
	int ends[2];

	(void)snprintf(demo->name, sizeof demo->name, "%s", name);
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	demo->pid = fork();
	ck_assert_int_ge(demo->pid, 0);
	if (demo->pid == 0) {
		(void)signal(SIGPIPE, SIG_IGN);
		(void)close(ends[0]);
		serve(ends[1], name, slots);
	}
	(void)close(ends[1]);
	demo->pipe = ends[0];
	await_answer(demo);
}

void
demo_segment_start(struct demo_segment *demo, const char *label, unsigned slots)
{
	char name[STATS_SHM_NAME];

	demo_segment_name(name, label);
	demo_segment_start_named(demo, name, slots);
}

static void
send_command(struct demo_segment *demo, const struct command *c)
{
	ck_assert_int_eq(write(demo->pipe, c, sizeof *c), sizeof *c);
	await_answer(demo);
}

void
demo_segment_add(struct demo_segment *demo, unsigned slot,
    enum stats_counter counter, uint64_t n)
{
	send_command(demo,
	    &(struct command){
		.verb = VERB_ADD, .slot = slot, .index = counter, .n = n });
}

void
demo_segment_hist(struct demo_segment *demo, unsigned slot,
    enum stats_hist hist, int64_t ns, uint64_t n)
{
	send_command(demo,
	    &(struct command){ .verb = VERB_HIST,
		.slot = slot,
		.index = hist,
		.value = ns,
		.n = n });
}

void
demo_segment_state(
    struct demo_segment *demo, unsigned slot, enum stats_state state, pid_t pid)
{
	send_command(demo,
	    &(struct command){ .verb = VERB_STATE,
		.slot = slot,
		.index = state,
		.value = pid });
}

static void
send_image(struct demo_segment *demo, struct command c, const void *image)
{
	memcpy(c.image, image, sizeof c.image);
	send_command(demo, &c);
}

void
demo_segment_row(struct demo_segment *demo, unsigned slot, unsigned index,
    const struct stats_row *row)
{
	send_image(demo,
	    (struct command){ .verb = VERB_ROW, .slot = slot, .index = index },
	    row);
}

void
demo_segment_offender(struct demo_segment *demo, unsigned slot, unsigned index,
    const struct stats_offender *offender)
{
	send_image(demo,
	    (struct command){
		.verb = VERB_OFFENDER, .slot = slot, .index = index },
	    offender);
}

void
demo_segment_tear_row(struct demo_segment *demo, unsigned slot, unsigned index)
{
	send_command(demo,
	    &(struct command){
		.verb = VERB_TEAR, .slot = slot, .index = index });
}

void
demo_segment_step_aside(struct demo_segment *demo)
{
	send_command(demo, &(struct command){ .verb = VERB_STEP_ASIDE });
}

/* shutdown(2), as other children of the test have the socket open too. */
static void
reap(struct demo_segment *demo)
{
	(void)shutdown(demo->pipe, SHUT_RDWR);
	(void)close(demo->pipe);
	ck_assert_int_eq(waitpid(demo->pid, NULL, 0), demo->pid);
}

void
demo_segment_stop(struct demo_segment *demo)
{
	reap(demo);
}

void
demo_segment_kill(struct demo_segment *demo)
{
	ck_assert_int_eq(kill(demo->pid, SIGKILL), 0);
	reap(demo);
}

void
demo_segment_remove(const char *name)
{
	char path[STATS_SHM_NAME + 16];

	(void)snprintf(path, sizeof path, "/tlsecho.%s", name);
	(void)shm_unlink(path);
}
