/*
 * allocate: memory of a segment, so that a full /dev/shm is an error and not
 * SIGBUS later. Rows of slots that run no process yet take none.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/units.h"
#include "common/stats/private.h"

static int
allocate(struct stats_shm *shm, uint64_t from, uint64_t size, struct errmsg *e)
{
	char text[UNITS_TEXT];
	int error;

	if (size == 0)
		return 0;
	do
		error = posix_fallocate(shm->fd, (off_t)from, (off_t)size);
	while (error == EINTR);
	if (error != 0)
		return errmsg_set_errno(e, error,
		    "segment '%s' needs %s in " STATS_SHM_DIR "%s",
		    stats_shm_name(shm), units_format_bytes(size, text),
		    shm->more.rows.count > 0
			? " (less with a smaller --connection-table)"
			: "");
	return 0;
}

int
stats_shm_allocate(struct stats_shm *shm, unsigned run, struct errmsg *e)
{
	const struct stats_section *rows = &shm->more.rows;
	uint64_t first, end;

	if (run == 0 || run >= shm->header.slot_count - 1 || rows->count == 0)
		return allocate(shm, 0, shm->size, e);
	first = rows->offset + (uint64_t)run * rows->per_slot * rows->size;
	end = rows->offset + (uint64_t)rows->count * rows->size;
	if (ftruncate(shm->fd, (off_t)shm->size) < 0)
		return errmsg_set_errno(e, errno, "%s", shm->path);
	if (allocate(shm, 0, first, e) < 0)
		return -1;
	return allocate(shm, end, shm->size - end, e);
}

int
stats_shm_allocate_rows(struct stats_shm *shm, unsigned slot, struct errmsg *e)
{
	const struct stats_section *rows = &shm->more.rows;
	uint64_t size = (uint64_t)rows->per_slot * rows->size;

	ASSERT(slot >= 1 && slot < shm->header.slot_count);
	if (rows->count == 0)
		return 0;
	return allocate(shm, rows->offset + (slot - 1) * size, size, e);
}
