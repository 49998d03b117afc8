/* recorder: sample, append, wait; see the header. */
#include "tools/recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "tools/open.h"
#include "tools/record/writer.h"
#include "tools/sample/source.h"
#include "tools/screen.h"

struct recorder {
	const struct options *options;
	struct source *source;
	struct record_writer *writer;
	struct screen *screen;
	uint64_t taken; /* samples */
};

/* The one line that it says, on standard error. */
static void
announce(const struct recorder *r)
{
	const struct options *o = r->options;
	char interval[UNITS_TEXT];
	off_t cut_off;
	uint64_t found = record_writer_found(r->writer, &cut_off);

	fprintf(stderr, "%s: recording server '%s' to %s, a sample each %s",
	    options_program.name, options_name(o),
	    strcmp(o->record, "-") == 0 ? "standard output" : o->record,
	    units_format_duration(o->interval_ns, interval));
	if (found > 0)
		fprintf(stderr, ", after %" PRIu64 " sample%s that it has",
		    found, units_plural(found));
	if (cut_off > 0)
		fprintf(stderr,
		    "; a sample that was not written to its end, %lld bytes, "
		    "was cut off",
		    (long long)cut_off);
	fputc('\n', stderr);
}

static int
print_bytes(void *arg, FILE *out)
{
	const struct record_buffer *bytes = arg;

	return fwrite(bytes->data, 1, bytes->size, out) == bytes->size ? 0 : -1;
}

/* Writing to a pipe may take any time, and has to end on a signal. */
static enum screen_event
put(struct recorder *r, struct errmsg *e)
{
	struct record_buffer bytes = *record_writer_bytes(r->writer);
	enum screen_event event;

	if (record_writer_is_file(r->writer))
		return record_writer_flush(r->writer, e) < 0 ? SCREEN_FAILED
							     : SCREEN_DONE;
	if (bytes.size == 0)
		return SCREEN_DONE;
	event = screen_print(r->screen, print_bytes, &bytes, e);
	if (event == SCREEN_FAILED)
		errmsg_prepend(e, "--record %s", r->options->record);
	return event;
}

static enum screen_event
take(struct recorder *r, struct errmsg *e)
{
	enum screen_event event = SCREEN_FAILED;
	struct sample *s;

	switch (source_next(r->source, &s, e)) {
	case SOURCE_SAMPLE:
		break;
	case SOURCE_WAITING:
		return SCREEN_DONE;
	case SOURCE_ENDED:
		return SCREEN_STOP;
	case SOURCE_FAILED:
		return SCREEN_FAILED;
	}
	if (record_writer_encode(r->writer, s, e) == 0)
		event = put(r, e);
	sample_free(&s);
	r->taken++;
	return event;
}

static int
run(struct recorder *r, struct errmsg *e)
{
	int64_t next_ns = clock_now_ns();
	enum screen_event event;

	announce(r);
	do {
		event = take(r, e);
		if (r->taken == r->options->count && r->taken > 0 &&
		    event == SCREEN_DONE)
			return 0;
		next_ns += r->options->interval_ns;
		if (next_ns < clock_now_ns()) /* slept, or was stopped */
			next_ns = clock_now_ns();
		if (event == SCREEN_DONE)
			event = screen_wait(r->screen, next_ns);
	} while (event != SCREEN_STOP && event != SCREEN_FAILED);
	return event == SCREEN_STOP ? 0 : -1;
}

/* The recording takes the place of standard output, which a screen is for. */
static int
open_screen(struct recorder *r, struct errmsg *e)
{
	if (dup2(record_writer_fd(r->writer), STDOUT_FILENO) < 0)
		return errmsg_set_errno(e, errno, "standard output");
	return screen_open(&r->screen, e);
}

int
recorder_run(const struct options *options, struct errmsg *e)
{
	struct recorder r = { .options = options };
	int result = -1;

	r.source = open_source(options, e);
	if (r.source != NULL &&
	    record_writer_open(&r.writer, options->record,
		(unsigned)options->record_connections, e) == 0 &&
	    open_screen(&r, e) == 0)
		result = run(&r, e);
	screen_close(&r.screen);
	record_writer_close(&r.writer);
	source_close(&r.source);
	return result;
}
