/* SPDX-License-Identifier: ISC */
#include "net/metrics/metrics.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/divide.h"
#include "net/http/http_out.h"

/* --- text ------------------------------------------------------------------------------------ */

/*
 * Of a name, the words. A backslash or the end of a line would have to be written with a backslash:
 * there is none in any.
 */
static void put_help(struct http_out *o, const char *text)
{
	for (; *text != '\0'; text++)
		http_put_bytes(o, *text == '_' ? " " : text, 1);
}

/* With six digits behind the point: those of a second more, without its 1. */
static void put_seconds(struct http_out *o, uint64_t us)
{
	uint32_t rest;
	http_put_number(o, divide(us, 1000000, &rest), 10);
	char *point = o->at;
	http_put_number(o, 1000000 + rest, 10);
	if (!o->full)
		*point = '.';
}

static uint64_t value_of(const struct counter *c, const void *counts)
{
	const uint8_t *at = (const uint8_t *)counts + c->word * sizeof(uint32_t);
	uint32_t small;
	uint64_t value;
	if (c->bytes == sizeof(value)) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	memcpy(&small, at, sizeof(small));
	return small;
}

/* --- a counter and its text (base/counter.h) ------------------------------------------------- */

static const char *after(const char *text)
{
	return text + strlen(text) + 1;
}

static const char *after_texts_of(const struct counter *c, const char *text)
{
	return c->has_help ? after(after(text)) : after(text);
}

static bool grows(const struct counter *c)
{
	return c->type == COUNTER_TOTAL || c->type == COUNTER_DROPS;
}

/* `layer` is the first of the texts; `text` is the counter's. */
static void put_name(struct http_out *o, const struct counter *c, const char *layer,
		     const char *text)
{
	http_put_text(o, "fata_");
	http_put_text(o, layer);
	http_put_text(o, "_");
	http_put_text(o, c->type == COUNTER_DROPS ? "drops" : text);
	if (grows(c))
		http_put_text(o, "_total");
}

static void put_title(struct http_out *o, const struct counter *c, const char *layer,
		      const char *text)
{
	http_put_text(o, "# HELP ");
	put_name(o, c, layer, text);
	http_put_text(o, " ");
	put_help(o, c->type == COUNTER_DROPS ? "Packets dropped or not sent, by reason"
		    : c->has_help            ? after(text)
					     : text);
	http_put_text(o, ".\n# TYPE ");
	put_name(o, c, layer, text);
	http_put_text(o, grows(c) ? " counter\n" : " gauge\n");
}

static void put_label(struct http_out *o, const char *name, const char *value)
{
	http_put_text(o, name);
	http_put_text(o, "=\"");
	http_put_text(o, value);
	http_put_text(o, "\"");
}

static void put_labels(struct http_out *o, const char *device, const char *reason, const char *more)
{
	http_put_text(o, "{");
	put_label(o, "device", device);
	if (reason != NULL)
		put_label(o, ",reason", reason);
	if (more[0] != '\0') {
		http_put_text(o, ",");
		http_put_text(o, more);
	}
	http_put_text(o, "} ");
}

static void put_value(struct http_out *o, const struct counter *c, const void *counts)
{
	uint64_t value = value_of(c, counts);
	if (c->type == COUNTER_GAUGE_US)
		put_seconds(o, value);
	else
		http_put_number(o, value, 10);
	http_put_text(o, "\n");
}

/* --- the way over the page ------------------------------------------------------------------- */

static const struct counter *counter_at(const struct metrics *m, const struct metrics_place *at)
{
	return &m->sets[at->first].counters->entries[at->counter];
}

static bool same_table(const struct metrics *m, unsigned a, unsigned b)
{
	return b < m->n_sets && m->sets[a].counters == m->sets[b].counters;
}

/* To the next counter of the table, or to the next table. */
static void next_counter(const struct metrics *m, struct metrics_place *at)
{
	const struct counter *before = counter_at(m, at), *now = before + 1;
	at->set = at->first;
	at->counter++;
	at->text = after_texts_of(before, at->text);
	if (now->bytes == 0) {
		while (same_table(m, at->first, at->set))
			at->set++;
		*at = (struct metrics_place){.first = at->set, .set = at->set};
	} else if (before->type != COUNTER_DROPS || now->type != COUNTER_DROPS) {
		at->titled = false;
	}
}

static void next_set(const struct metrics *m, struct metrics_place *at)
{
	at->row = 0;
	if (same_table(m, at->first, at->set + 1))
		at->set++;
	else
		next_counter(m, at);
}

/* Text for this place; goes on to the next. */
static GUARDED void put_place(struct http_out *o, const struct metrics *m, struct metrics_place *at)
{
	const struct metrics_set *set = &m->sets[at->set];
	const struct counter *c = counter_at(m, at);
	const char *layer = set->counters->text;
	_Alignas(uint64_t) uint8_t row[COUNTER_ROW_BYTES];
	char labels[COUNTER_LABELS_BYTES] = "";
	const void *counts = set->counts;
	if (at->text == NULL)
		at->text = after(layer);
	if (set->row != NULL) {
		if (!set->row(set->counts, &at->row, row, labels)) {
			next_set(m, at);
			return;
		}
		counts = row;
	}
	if (!at->titled)
		put_title(o, c, layer, at->text);
	at->titled = true;
	put_name(o, c, layer, at->text);
	put_labels(o, set->device, c->type == COUNTER_DROPS ? at->text : NULL, labels);
	put_value(o, c, counts);
	if (set->row == NULL)
		next_set(m, at);
}

/* As much as fits, from *next on; returns the length of the text, 0 at the end of the page. */
static size_t fill(const struct metrics *m, struct metrics_place *next,
		   char text[static HTTP_STREAM_BYTES])
{
	struct http_out o = {.at = text, .end = text + HTTP_STREAM_BYTES};
	size_t len = 0;
	while (next->first < m->n_sets) {
		struct metrics_place at = *next;
		put_place(&o, m, &at);
		if (o.full) {
			assert(len > 0); /* the text of one fits */
			break;
		}
		len = (size_t)(o.at - text);
		*next = at;
	}
	return len;
}

/* --- the handler ----------------------------------------------------------------------------- */

static size_t fill_buffer(struct http_stream *stream, uint8_t *bytes)
{
	struct metrics_scrape *s = container_of(stream, struct metrics_scrape, stream);
	return fill(s->metrics, &s->next, (char *)bytes);
}

enum err metrics_handler(void *arg, struct http_conn *conn, const struct http_request *request,
			 struct http_response *response)
{
	struct metrics *m = arg;
	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		struct metrics_scrape *s = &m->scrapes[i];
		if (!http_stream_begin(&s->stream, conn, response))
			continue;
		s->next = (struct metrics_place){0};
		response->content_type = "text/plain; version=0.0.4; charset=utf-8";
		return OK;
	}
	response->status = 503;
	return OK;
}

void metrics_init(struct metrics *m)
{
	*m = (struct metrics){0};
	for (unsigned i = 0; i < METRICS_SCRAPES; i++) {
		m->scrapes[i].metrics = m;
		http_stream_init(&m->scrapes[i].stream, fill_buffer);
	}
}

/* What follows a layer's or a counter's name, which can stand in that of a metric. */
static const char *after_name(const char *name)
{
	assert(*name >= 'a' && *name <= 'z');
	while ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9') || *name == '_')
		name++;
	assert(*name == '\0');
	return name + 1;
}

static void check_names(const struct counters *counters)
{
	const struct counter *c = counters->entries;
	const char *text = after_name(counters->text);

	do {
		text = after_name(text);
		if (c->has_help)
			text = after(text);
	} while ((++c)->bytes != 0);
}

/* Behind those that have the same table: a metric stands on the page once, with all its samples. */
static void add(struct metrics *m, const struct metrics_set *set)
{
	unsigned at = m->n_sets;
	assert(m->n_sets < METRICS_SETS_MAX);
	check_names(set->counters);
	for (unsigned i = 0; i < m->n_sets; i++) {
		if (m->sets[i].counters == set->counters)
			at = i + 1;
	}
	memmove(&m->sets[at + 1], &m->sets[at], (m->n_sets - at) * sizeof(m->sets[0]));
	m->sets[at] = *set;
	m->n_sets++;
}

void metrics_add(struct metrics *m, const struct counters *counters, const void *counts,
		 const char *device)
{
	add(m, &(const struct metrics_set){counters, device, counts, NULL});
}

void metrics_add_rows(struct metrics *m, const struct counters *counters, counter_row_fn *row,
		      const void *of, const char *device)
{
	add(m, &(const struct metrics_set){counters, device, of, row});
}
