/* adopt: a segment that another program has begun; see adopt.h. */
#include "common/stats/adopt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common/stats/private.h"
#include "common/stats/reader.h"
#include "common/stats/stats.h"

static int
take_over(struct stats_shm *shm, struct errmsg *e)
{
	struct stat st;

	if (fstat(shm->fd, &st) < 0)
		return errmsg_set_errno(e, errno, "%s", shm->path);
	shm->size = (size_t)st.st_size;
	if (shm->size < sizeof(struct stats_header))
		return errmsg_set(e, "%s is too short", shm->path);
	if (stats_shm_map(shm, PROT_READ | PROT_WRITE, e) < 0 ||
	    stats_shm_verify(shm, e) < 0)
		return -1;
	(void)fcntl(shm->fd, F_SETFD, FD_CLOEXEC);
	shm->is_creator = true;
	return 0;
}

int
stats_shm_adopt(
    struct stats_shm **shm, int fd, const char *name, struct errmsg *e)
{
	*shm = stats_shm_new(name, e);
	if (*shm == NULL)
		return -1;
	(*shm)->fd = fd;
	if (take_over(*shm, e) == 0)
		return 0;
	stats_shm_close(shm);
	return -1;
}

/* Neither has padding, nor a value that has two forms. */
static bool
is_same(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

/* A segment as the options want it, beside the one that is there. */
struct wanted {
	struct stats_header header;
	struct stats_more more;
	struct stats_field fields[STATS_FIELDS];
};

static void
fill(struct wanted *w, const struct stats_shm *shm,
    const struct stats_shm_options *options)
{
	w->header = shm->header;
	stats_segment_fill(&w->header, options->slots);
	stats_segment_fill_more(
	    &w->header, &w->more, options->rows, options->offenders);
	stats_segment_fill_answers(&w->header, &w->more, options->answers);
	stats_describe(w->fields);
}

bool
stats_shm_is_like(
    const struct stats_shm *shm, const struct stats_shm_options *options)
{
	static struct wanted w;

	fill(&w, shm, options);
	return is_same(&w.header, &shm->header, sizeof w.header) &&
	    is_same(&w.more, &shm->more, sizeof w.more) &&
	    is_same(w.fields, shm->fields, sizeof w.fields);
}

const char *
stats_shm_difference(
    const struct stats_shm *shm, const struct stats_shm_options *options)
{
	static struct wanted w;

	fill(&w, shm, options);
	if (w.header.field_count != shm->header.field_count ||
	    !is_same(w.fields, shm->fields, sizeof w.fields))
		return "other counters";
	return w.header.slot_count != shm->header.slot_count
	    ? "another number of slots for workers"
	    : "another table of connections";
}

void
stats_shm_set_program(struct stats_shm *shm, const char *program)
{
	struct stats_header *mapped = (void *)shm->base;

	(void)snprintf(mapped->program, sizeof mapped->program, "%s", program);
	memcpy(
	    shm->header.program, mapped->program, sizeof shm->header.program);
}

static int
find(const struct stats_shm *shm, const struct stats_field *field)
{
	for (unsigned i = 0; i < shm->header.field_count; i++)
		if (shm->fields[i].kind == field->kind &&
		    strcmp(shm->fields[i].name, field->name) == 0)
			return (int)i;
	return -1;
}

static void
carry(struct stats_shard *shard, const struct stats_field *field,
    const struct stats_shm *from, unsigned index)
{
	void *at = (uint8_t *)shard + field->offset;

	for (unsigned slot = 0; slot < from->header.slot_count; slot++)
		if (field->kind == STATS_KIND_HIST)
			(void)stats_shm_merge_hist(from, slot, index, at);
		else
			counter_add(at, stats_shm_value(from, slot, index));
}

/* None of the old connections is open here. */
void
stats_shm_carry_totals(struct stats_shm *to, const struct stats_shm *from)
{
	struct stats_shard *shard =
	    &stats_shm_slot(to, 0)->shards[STATS_SHARD_MASTER];

	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		const struct stats_field *field = &to->fields[i];
		int index = find(from, field);

		if (index >= 0 && stats_field_grows(field))
			carry(shard, field, from, (unsigned)index);
	}
	stats_set(
	    shard, STATS_ENDED, counter_get(&shard->counters[STATS_ACCEPTED]));
}

int
stats_shm_fd(const struct stats_shm *shm)
{
	return shm->fd;
}
