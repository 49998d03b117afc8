/*
 * private: what stats/shm.c (create, lock, close) and stats/reader.c
 * (attach, read) share, and nobody else includes.
 */
#ifndef COMMON_STATS_PRIVATE_H
#define COMMON_STATS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "common/stats/field.h"
#include "common/stats/segment.h"
#include "common/stats/shm.h"

/* Where glibc keeps /tlsecho.NAME; for stat(2) and for messages. */
#define STATS_SHM_DIR    "/dev/shm"
#define STATS_SHM_PREFIX "tlsecho."
#define STATS_SHM_PATH   STATS_SHM_DIR "/" STATS_SHM_PREFIX

struct stats_shm {
	char path[sizeof STATS_SHM_PATH + STATS_SHM_NAME];
	uint8_t *base;
	size_t size;
	int fd;
	bool is_creator; /* and so removes the name */
	/* Verified copies: what is mapped may change while it is read. */
	struct stats_header header;
	struct stats_field *fields;
	struct stats_more more;
};

/* A handle with nothing but its path, for stats_shm_close; NULL on failure. */
struct stats_shm *stats_shm_new(const char *name, struct errmsg *e);

/* Opens what exists into shm->fd. 0, or the errno. */
int stats_shm_open(struct stats_shm *shm, int access);

/* Maps shm->size bytes of shm->fd. */
int stats_shm_map(struct stats_shm *shm, int protection, struct errmsg *e);

/* Memory for all but the rows of slots after this many; 0: for all. */
int stats_shm_allocate(struct stats_shm *shm, unsigned run, struct errmsg *e);

/* Copies header, fields and sections of what is mapped, and checks them. */
int stats_shm_verify(struct stats_shm *shm, struct errmsg *e);

/* "1000 (bob)" */
const char *stats_shm_user(uid_t uid, char text[static STATS_SHM_USER]);

/* Is the segment locked? The holder is 0 if it is of another pid namespace. */
bool stats_shm_is_locked(int fd, pid_t *holder);

#endif
