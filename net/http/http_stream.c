/* SPDX-License-Identifier: ISC */
#include "net/http/http_stream.h"

#include "base/assert.h"

static void drop_shown(struct http_stream *s)
{
	struct http_stream_buffer *b = s->showing;
	s->showing = NULL;
	if (b != NULL)
		ref_put(&b->ref);
}

/* The peer has what was in it. */
static void buffer_release(struct ref *ref)
{
	struct http_stream_buffer *b = container_of(ref, struct http_stream_buffer, ref);
	if (b->stream->conn != NULL)
		http_wake(b->stream->conn);
}

static struct http_stream_buffer *free_buffer(struct http_stream *s)
{
	for (unsigned i = 0; i < HTTP_STREAM_BUFFERS; i++) {
		if (s->buffers[i].ref.count == 0)
			return &s->buffers[i];
	}
	return NULL;
}

static enum err source_next(struct http_source *source, uint64_t offset, struct slice *out)
{
	struct http_stream *s = container_of(source, struct http_stream, source);
	(void)offset; /* without an entity tag nobody asks for a range */
	drop_shown(s);
	struct http_stream_buffer *b = free_buffer(s);
	if (b == NULL)
		return ERR_AGAIN;
	size_t len = s->fill(s, b->bytes);
	assert(len <= HTTP_STREAM_BYTES);
	if (len == 0)
		return ERR_EOF;
	b->ref = (struct ref){.count = 1, .release = buffer_release};
	b->stream = s;
	s->showing = b;
	*out = (struct slice){.data = b->bytes, .len = len, .owner = &b->ref};
	return OK;
}

static void source_done(struct http_source *source)
{
	struct http_stream *s = container_of(source, struct http_stream, source);
	s->conn = NULL;
	drop_shown(s);
}

SELDOM void http_stream_init(struct http_stream *s, http_fill_fn *fill)
{
	*s = (struct http_stream){.source = {source_next, source_done}, .fill = fill};
}

static bool is_free(const struct http_stream *s)
{
	unsigned used = 0;
	for (unsigned i = 0; i < HTTP_STREAM_BUFFERS; i++)
		used += s->buffers[i].ref.count;
	return s->conn == NULL && used == 0;
}

struct http_stream *http_stream_begin(struct http_stream *first, unsigned n, size_t apart,
				      struct http_conn *conn, struct http_response *response)
{
	for (struct http_stream *s = first; n > 0; n--, s = (void *)((uint8_t *)s + apart)) {
		if (!is_free(s))
			continue;
		s->conn = conn;
		response->source = &s->source;
		response->source_bytes = HTTP_LENGTH_UNKNOWN;
		return s;
	}
	response->status = 503;
	return NULL;
}
