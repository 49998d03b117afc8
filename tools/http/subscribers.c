/* subscribers: streams as responses; see the header. */
#include "tools/http/subscribers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/http/event_json.h"

enum {
	BLOCK = 16384
};

/* Whoever loses the connection asks again after this. */
#define RETRY "retry: 1000\n\n"

static ssize_t
on_read(void *arg, uint64_t position, char *to, size_t room)
{
	struct subscriber *s = arg;
	size_t n;

	(void)position;
	if (s->is_ending)
		return MHD_CONTENT_READER_END_OF_STREAM;
	n = stream_read(&s->stream, to, room);
	if (n == 0) {
		s->is_suspended = true;
		MHD_suspend_connection(s->connection);
	}
	return (ssize_t)n;
}

/* The response is gone, and so is the client or its interest. */
static void
on_free(void *arg)
{
	struct subscriber *s = arg;

	stream_clear(&s->stream);
	clients_end_stream(s->all->clients, s->client);
	s->connection = NULL;
}

static struct frame *
end_frame(FILE *out, char **text, const size_t *size)
{
	bool is_whole = !ferror(out);

	if (fclose(out) == 0 && is_whole)
		return frame_new(*text, *size);
	free(*text);
	return NULL;
}

/* An event with a line of data, which may be NULL: then there is none. */
static struct frame *
make_sample(struct subscribers *all, const struct watched *w)
{
	char *data = event_json_sample(all->servers, w);
	char *text = NULL;
	int n = data != NULL
	    ? asprintf(&text, "event: sample\ndata: %s\n\n", data)
	    : -1;

	free(data);
	return n >= 0 ? frame_new(text, (size_t)n) : NULL;
}

/* All points, and the last sample. */
static struct frame *
make_history(struct subscribers *all, const struct watched *w)
{
	char *bands = event_json_bands();
	char *sample = event_json_sample(all->servers, w);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct frame *frame = NULL;

	if (out != NULL) {
		fprintf(out, RETRY "event: history\ndata: {\"bands\":%s,",
		    bands != NULL ? bands : "[]");
		fputs("\"points\":[", out);
		points_print(&w->points, out);
		fprintf(out, "],\"sample\":%s}\n\n",
		    sample != NULL ? sample : "null");
		frame = end_frame(out, &text, &size);
	}
	free(bands);
	free(sample);
	return frame;
}

static void
offer(struct subscriber *s, struct frame *frame)
{
	stream_offer(&s->stream, frame);
	if (s->is_suspended && (s->stream.current != NULL || s->is_ending)) {
		s->is_suspended = false;
		MHD_resume_connection(s->connection);
	}
}

static struct subscriber *
free_place(struct subscribers *all)
{
	for (unsigned i = 0; i < CLIENTS_STREAMS; i++)
		if (all->of[i].connection == NULL)
			return &all->of[i];
	return NULL;
}

struct MHD_Response *
subscribers_add(struct subscribers *all, struct MHD_Connection *connection,
    struct client *client, const struct watched *w)
{
	struct subscriber *s = free_place(all);
	struct MHD_Response *response;
	struct frame *history;

	if (s == NULL || all->has_ended ||
	    !clients_begin_stream(all->clients, client))
		return NULL;
	*s = (struct subscriber){
		.all = all, .connection = connection, .client = client
	};
	(void)snprintf(s->name, sizeof s->name, "%s", w->name);
	history = make_history(all, w);
	stream_offer(&s->stream, history);
	frame_release(&history);
	response = MHD_create_response_from_callback(
	    MHD_SIZE_UNKNOWN, BLOCK, on_read, s, on_free);
	if (response == NULL)
		on_free(s);
	return response;
}

/* To all who want to know of it. */
static void
tell_of(struct subscribers *all, const struct watched *w)
{
	struct frame *frame = NULL;

	for (unsigned i = 0; i < CLIENTS_STREAMS; i++) {
		struct subscriber *s = &all->of[i];

		if (s->connection == NULL || strcmp(s->name, w->name) != 0)
			continue;
		if (frame == NULL)
			frame = make_sample(all, w);
		offer(s, frame);
	}
	frame_release(&frame);
}

/* Ends those whose server has been forgotten. */
static void
end_strays(struct subscribers *all)
{
	for (unsigned i = 0; i < CLIENTS_STREAMS; i++) {
		struct subscriber *s = &all->of[i];

		if (s->connection == NULL ||
		    servers_find(all->servers, s->name) != NULL)
			continue;
		s->is_ending = true;
		offer(s, NULL);
	}
}

void
subscribers_tell(struct subscribers *all)
{
	end_strays(all);
	for (unsigned i = 0; i < servers_count(all->servers); i++)
		tell_of(all, servers_at(all->servers, i));
}

void
subscribers_keep_alive(struct subscribers *all)
{
	char *text = strdup(":\n\n");
	struct frame *frame = text != NULL ? frame_new(text, 3) : NULL;

	for (unsigned i = 0; i < CLIENTS_STREAMS; i++)
		if (all->of[i].is_suspended && all->of[i].connection != NULL)
			offer(&all->of[i], frame);
	frame_release(&frame);
}

void
subscribers_end(struct subscribers *all)
{
	all->has_ended = true;
	for (unsigned i = 0; i < CLIENTS_STREAMS; i++) {
		all->of[i].is_ending = true;
		if (all->of[i].connection != NULL)
			offer(&all->of[i], NULL);
	}
}
