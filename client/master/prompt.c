/* prompt: a line, and then any key; see the header. */
#include "client/master/prompt.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "client/job.h"
#include "client/options.h"
#include "common/base/assertion.h"
#include "common/base/container_of.h"
#include "common/base/units.h"
#include "common/sys/file.h"

/* Where another job has got the terminal, nobody is waited for either. */
static void
on_ready(struct io_watch *watch)
{
	struct prompt *p = CONTAINER_OF(watch, struct prompt, watch);

	if (keypress_fd(&p->keys) < 0 || keypress_read(&p->keys))
		p->on_key(p);
}

static void
ask(const struct job *job, uint64_t open)
{
	uint64_t asked = job->options->connections;
	char text[128];
	int n = open == asked
	    ? snprintf(text, sizeof text, "Clients connected. ")
	    : snprintf(text, sizeof text,
		  "%" PRIu64 " of %" PRIu64 " client%s connected. ", open,
		  asked, units_plural(asked));

	n += snprintf(text + n, sizeof text - (size_t)n,
	    "Press any key to start sending and receiving.\n");
	ASSERT((size_t)n < sizeof text);
	(void)file_write_all(job->text_fd, text, (size_t)n);
}

bool
prompt_open(struct prompt *p, const struct job *job, struct io *io)
{
	uint64_t open = job_open(job);
	struct errmsg ignored;

	if (open == 0 || keypress_open(&p->keys, STDIN_FILENO, &ignored) < 0)
		return false;
	if (io_watch_add(io, &p->watch, keypress_fd(&p->keys), on_ready) < 0) {
		keypress_close(&p->keys);
		return false;
	}
	ask(job, open);
	return true;
}

bool
prompt_is_open(const struct prompt *p)
{
	return p->keys.fd >= 0;
}

void
prompt_close(struct prompt *p)
{
	io_watch_remove(&p->watch);
	keypress_close(&p->keys);
}
