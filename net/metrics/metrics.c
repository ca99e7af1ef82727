/* SPDX-License-Identifier: ISC */
#include "net/metrics/metrics.h"

#include <string.h>

#include "base/assert.h"

/* --- text ------------------------------------------------------------------------------------ */

/* Text that is cut off where the buffer ends; `len` is what it would need. */
struct out {
	char *text;
	size_t len, max;
};

static void put_char(struct out *o, char c)
{
	if (o->len < o->max)
		o->text[o->len] = c;
	o->len++;
}

static void put(struct out *o, const char *text)
{
	while (*text != '\0')
		put_char(o, *text++);
}

/* In a help text a backslash and the end of a line are written with a backslash. */
static void put_help(struct out *o, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '\n')
			put_char(o, '\\');
		put_char(o, *text == '\n' ? 'n' : *text);
	}
}

static void put_number(struct out *o, uint64_t value)
{
	char digits[21];
	size_t at = sizeof(digits) - 1;
	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	put(o, digits + at);
}

static uint64_t value_of(const struct metric *metric)
{
	uint32_t small;
	uint64_t value;
	if (metric->value_bytes == sizeof(value)) {
		memcpy(&value, metric->value, sizeof(value));
		return value;
	}
	memcpy(&small, metric->value, sizeof(small));
	return small;
}

static void put_metric(struct out *o, const struct metric *metric, bool first_of_name)
{
	if (first_of_name) {
		put(o, "# HELP ");
		put(o, metric->name);
		put_char(o, ' ');
		put_help(o, metric->help);
		put(o, "\n# TYPE ");
		put(o, metric->name);
		put(o, metric->type == METRIC_GAUGE ? " gauge\n" : " counter\n");
	}
	put(o, metric->name);
	if (metric->labels != NULL) {
		put_char(o, '{');
		put(o, metric->labels);
		put_char(o, '}');
	}
	put_char(o, ' ');
	put_number(o, value_of(metric));
	put_char(o, '\n');
}

static bool is_first_of_name(const struct metrics *m, size_t i)
{
	return i == 0 || strcmp(m->table[i - 1].name, m->table[i].name) != 0;
}

/* As many metrics as fit, from *next; returns the length of their text. */
static size_t fill(const struct metrics *m, size_t *next, char text[static METRICS_BUFFER_BYTES])
{
	struct out o = {.text = text, .max = METRICS_BUFFER_BYTES};
	size_t len = 0;
	for (; *next < m->n; ++*next) {
		put_metric(&o, &m->table[*next], is_first_of_name(m, *next));
		if (o.len > o.max)
			break;
		len = o.len;
	}
	assert(len > 0);
	return len;
}

/* --- the source ------------------------------------------------------------------------------ */

static void drop_shown(struct metrics_scrape *s)
{
	struct metrics_buffer *b = s->showing;
	s->showing = NULL;
	if (b != NULL)
		ref_put(&b->ref);
}

/* The peer has what was in it. */
static void buffer_release(struct ref *ref)
{
	struct metrics_buffer *b = container_of(ref, struct metrics_buffer, ref);
	if (b->scrape->conn != NULL)
		http_wake(b->scrape->conn);
}

static struct metrics_buffer *free_buffer(struct metrics_scrape *s)
{
	for (unsigned i = 0; i < METRICS_BUFFERS; i++) {
		if (s->buffers[i].ref.count == 0)
			return &s->buffers[i];
	}
	return NULL;
}

static enum err source_next(struct http_source *source, uint64_t offset, struct slice *out)
{
	struct metrics_scrape *s = container_of(source, struct metrics_scrape, source);
	(void)offset; /* without an entity tag nobody asks for a range */
	drop_shown(s);
	if (s->next == s->metrics->n)
		return ERR_EOF;
	struct metrics_buffer *b = free_buffer(s);
	if (b == NULL)
		return ERR_AGAIN;
	b->ref = (struct ref){.count = 1, .release = buffer_release};
	b->scrape = s;
	s->showing = b;
	size_t len = fill(s->metrics, &s->next, b->text);
	*out = (struct slice){.data = (const uint8_t *)b->text, .len = len, .owner = &b->ref};
	return OK;
}

static void source_done(struct http_source *source)
{
	struct metrics_scrape *s = container_of(source, struct metrics_scrape, source);
	s->conn = NULL;
	drop_shown(s);
}

/* --- the handler ----------------------------------------------------------------------------- */

/* Neither under way nor, in part, still to be acknowledged. */
static bool is_free(const struct metrics_scrape *s)
{
	unsigned used = 0;
	for (unsigned i = 0; i < METRICS_BUFFERS; i++)
		used += s->buffers[i].ref.count;
	return s->conn == NULL && used == 0;
}

enum err metrics_handler(void *arg, struct http_conn *conn, const struct http_request *request,
			 struct http_response *response)
{
	struct metrics *m = arg;
	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		struct metrics_scrape *s = &m->scrapes[i];
		if (!is_free(s))
			continue;
		s->conn = conn;
		s->next = 0;
		response->content_type = "text/plain; version=0.0.4; charset=utf-8";
		response->source = &s->source;
		response->source_bytes = HTTP_LENGTH_UNKNOWN;
		return OK;
	}
	response->status = 503;
	return OK;
}

static bool is_name(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:";
	static const char more[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789";
	return strspn(name, first) > 0 && strspn(name, more) == strlen(name);
}

void metrics_init(struct metrics *m, const struct metric *table, size_t n)
{
	*m = (struct metrics){.table = table, .n = n};
	for (size_t i = 0; i < n; i++)
		assert(is_name(table[i].name) && (table[i].value_bytes == sizeof(uint32_t) ||
						  table[i].value_bytes == sizeof(uint64_t)));
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		m->scrapes[i].metrics = m;
		m->scrapes[i].source = (struct http_source){source_next, source_done};
	}
}
