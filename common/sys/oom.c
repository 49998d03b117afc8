/* oom: /proc/self/oom_score_adj; see the header. */
#include "common/sys/oom.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int file = -1;
static int own; /* what the process was started with */

void
oom_open(void)
{
	char text[16];
	ssize_t n;

	oom_close();
	file = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	n = file >= 0 ? pread(file, text, sizeof text - 1, 0) : 0;
	text[n > 0 ? n : 0] = '\0';
	own = (int)strtol(text, NULL, 10);
}

void
oom_close(void)
{
	if (file >= 0)
		(void)close(file);
	file = -1;
}

void
oom_offer(bool on)
{
	int value = on ? own + OOM_OFFERED : own;
	char text[16];
	int n = snprintf(
	    text, sizeof text, "%d", value < OOM_MAX ? value : OOM_MAX);

	/* Back to what it was it may always go, without any right. */
	if (file >= 0 && pwrite(file, text, (size_t)n, 0) < 0)
		oom_close();
}
