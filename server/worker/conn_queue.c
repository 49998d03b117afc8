/* conn_queue: a list that two threads share; see the header. */
#include "server/worker/conn_queue.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/conn/conn.h"

int
conn_queue_init(struct conn_queue *q, struct errmsg *e)
{
	list_init(&q->conns);
	atomic_init(&q->drain_by_ns, 0);
	q->judge = false;
	q->ended = false;
	q->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (q->wake_fd < 0)
		return errmsg_set_errno(e, errno, "eventfd");
	(void)pthread_mutex_init(&q->mutex, NULL);
	return 0;
}

void
conn_queue_fini(struct conn_queue *q)
{
	ASSERT(list_empty(&q->conns));
	(void)close(q->wake_fd);
	(void)pthread_mutex_destroy(&q->mutex);
}

static void
wake(struct conn_queue *q)
{
	(void)eventfd_write(q->wake_fd, 1);
}

void
conn_queue_push(struct conn_queue *q, struct conn *conn)
{
	bool was_empty;

	ASSERT(conn->loop == NULL); /* detached */
	(void)pthread_mutex_lock(&q->mutex);
	ASSERT(!q->ended);
	was_empty = list_empty(&q->conns);
	list_append(&q->conns, &conn->link);
	(void)pthread_mutex_unlock(&q->mutex);
	if (was_empty)
		wake(q);
}

static void
order(struct conn_queue *q, bool *flag)
{
	(void)pthread_mutex_lock(&q->mutex);
	*flag = true;
	(void)pthread_mutex_unlock(&q->mutex);
	wake(q);
}

void
conn_queue_judge(struct conn_queue *q)
{
	order(q, &q->judge);
}

void
conn_queue_drain(struct conn_queue *q, int64_t by_ns)
{
	int64_t until_now_ns = atomic_load(&q->drain_by_ns);

	ASSERT(by_ns > 0);
	if (until_now_ns == 0 || by_ns < until_now_ns)
		atomic_store(&q->drain_by_ns, by_ns);
	wake(q);
}

void
conn_queue_end(struct conn_queue *q)
{
	order(q, &q->ended);
}

int
conn_queue_fd(const struct conn_queue *q)
{
	return q->wake_fd;
}

bool
conn_queue_take(struct conn_queue *q, struct list *conns)
{
	eventfd_t ignored;
	bool judge;

	ASSERT(list_empty(conns));
	/* First: a push after the list was moved must wake the loop again. */
	(void)eventfd_read(q->wake_fd, &ignored);
	(void)pthread_mutex_lock(&q->mutex);
	list_move(conns, &q->conns);
	judge = q->judge;
	q->judge = false;
	(void)pthread_mutex_unlock(&q->mutex);
	return judge;
}

int64_t
conn_queue_drain_by_ns(const struct conn_queue *q)
{
	return atomic_load_explicit(&q->drain_by_ns, memory_order_relaxed);
}

bool
conn_queue_is_over(struct conn_queue *q)
{
	bool over;

	(void)pthread_mutex_lock(&q->mutex);
	over = q->ended && list_empty(&q->conns);
	(void)pthread_mutex_unlock(&q->mutex);
	return over;
}

void
conn_queue_set_patient(struct conn_queue *q, bool is_patient)
{
	atomic_store(&q->is_patient, is_patient);
}

bool
conn_queue_is_patient(const struct conn_queue *q)
{
	return atomic_load(&q->is_patient);
}
