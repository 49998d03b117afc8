/* conn_queue: a queue between two threads; see the header. */
#include "server/worker/conn_queue.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/conn/conn.h"

int
handover_init(struct handover *h, struct errmsg *e)
{
	list_init(&h->queue);
	atomic_init(&h->drain_by_ns, 0);
	h->ended = false;
	h->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (h->wake_fd < 0)
		return errmsg_set_errno(e, errno, "eventfd");
	(void)pthread_mutex_init(&h->mutex, NULL);
	return 0;
}

void
handover_fini(struct handover *h)
{
	(void)close(h->wake_fd);
	(void)pthread_mutex_destroy(&h->mutex);
}

static void
wake(struct handover *h)
{
	(void)eventfd_write(h->wake_fd, 1);
}

void
handover_push(struct handover *h, struct conn *conn)
{
	bool was_empty;

	(void)pthread_mutex_lock(&h->mutex);
	was_empty = list_empty(&h->queue);
	list_append(&h->queue, &conn->link);
	(void)pthread_mutex_unlock(&h->mutex);
	if (was_empty)
		wake(h);
}

void
handover_drain(struct handover *h, int64_t by_ns)
{
	int64_t now_by_ns = atomic_load(&h->drain_by_ns);

	if (now_by_ns == 0 || by_ns < now_by_ns)
		atomic_store(&h->drain_by_ns, by_ns);
	wake(h);
}

void
handover_end(struct handover *h)
{
	(void)pthread_mutex_lock(&h->mutex);
	h->ended = true;
	(void)pthread_mutex_unlock(&h->mutex);
	wake(h);
}

int
handover_fd(const struct handover *h)
{
	return h->wake_fd;
}

void
handover_acknowledge(struct handover *h)
{
	eventfd_t ignored;

	(void)eventfd_read(h->wake_fd, &ignored);
}

struct conn *
handover_take(struct handover *h)
{
	struct list *link;

	(void)pthread_mutex_lock(&h->mutex);
	link = list_pop(&h->queue);
	(void)pthread_mutex_unlock(&h->mutex);
	return link != NULL ? LIST_OWNER(link, struct conn, link) : NULL;
}

int64_t
handover_drain_by_ns(const struct handover *h)
{
	return atomic_load_explicit(&h->drain_by_ns, memory_order_relaxed);
}

bool
handover_is_over(struct handover *h)
{
	bool over;

	(void)pthread_mutex_lock(&h->mutex);
	over = h->ended && list_empty(&h->queue);
	(void)pthread_mutex_unlock(&h->mutex);
	return over;
}
