/* conn_queue: a queue between two threads; see the header. */
#include "server/worker/conn_queue.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/conn/conn.h"

int
conn_queue_init(struct conn_queue *h, struct errmsg *e)
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
conn_queue_fini(struct conn_queue *h)
{
	(void)close(h->wake_fd);
	(void)pthread_mutex_destroy(&h->mutex);
}

static void
wake(struct conn_queue *h)
{
	(void)eventfd_write(h->wake_fd, 1);
}

void
conn_queue_push(struct conn_queue *h, struct conn *conn)
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
conn_queue_drain(struct conn_queue *h, int64_t by_ns)
{
	int64_t now_by_ns = atomic_load(&h->drain_by_ns);

	if (now_by_ns == 0 || by_ns < now_by_ns)
		atomic_store(&h->drain_by_ns, by_ns);
	wake(h);
}

void
conn_queue_end(struct conn_queue *h)
{
	(void)pthread_mutex_lock(&h->mutex);
	h->ended = true;
	(void)pthread_mutex_unlock(&h->mutex);
	wake(h);
}

int
conn_queue_fd(const struct conn_queue *h)
{
	return h->wake_fd;
}

void
conn_queue_acknowledge(struct conn_queue *h)
{
	eventfd_t ignored;

	(void)eventfd_read(h->wake_fd, &ignored);
}

struct conn *
conn_queue_take(struct conn_queue *h)
{
	struct list *link;

	(void)pthread_mutex_lock(&h->mutex);
	link = list_pop(&h->queue);
	(void)pthread_mutex_unlock(&h->mutex);
	return link != NULL ? CONTAINER_OF(link, struct conn, link) : NULL;
}

int64_t
conn_queue_drain_by_ns(const struct conn_queue *h)
{
	return atomic_load_explicit(&h->drain_by_ns, memory_order_relaxed);
}

bool
conn_queue_is_over(struct conn_queue *h)
{
	bool over;

	(void)pthread_mutex_lock(&h->mutex);
	over = h->ended && list_empty(&h->queue);
	(void)pthread_mutex_unlock(&h->mutex);
	return over;
}
