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
	http_put_number(o, divide(us, 1000000, &rest));
	char *point = o->at;
	http_put_number(o, 1000000 + rest);
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

/* Puts one of the `n` texts behind each string of the list `around` (base/text.h) but the last. */
static void put_texts(struct http_out *o, const char *around, const char *const *texts, unsigned n)
{
	for (; n > 0; n--, around = after(around)) {
		http_put_text(o, around);
		http_put_text(o, *texts++);
	}
	http_put_text(o, around);
}

static const char *help_of(const struct counter *c, const char *text)
{
	if (c->type == COUNTER_DROPS)
		return "Packets dropped or not sent, by reason";
	return c->has_help ? after(text) : text;
}

/*
 * All of a line but its value, and what is before the first one of its metric. `more` are labels
 * besides those that a counter has.
 */
static void put_name(struct http_out *o, const struct metrics_place *at, const char *more)
{
	const struct counter *c = at->counter;
	const bool drops = c->type == COUNTER_DROPS, grows = drops || c->type == COUNTER_TOTAL;
	const char *texts[] = {at->first->counters->text, drops ? "drops" : at->text,
			       grows ? "_total" : "", grows ? "counter" : "gauge"};
	if (!at->titled) {
		put_texts(o, "# HELP fata_\0_\0\0 ", texts, 3);
		put_help(o, help_of(c, at->text));
		put_texts(o, ".\n# TYPE fata_\0_\0\0 \0\n", texts, 4);
	}
	texts[3] = at->set->device;
	put_texts(o, "fata_\0_\0\0{device=\"\0\"", texts, 4);
	if (drops)
		put_texts(o, ",reason=\"\0\"", &at->text, 1);
	if (more[0] != '\0')
		put_texts(o, ",\0", &more, 1);
	http_put_text(o, "} ");
}

static void put_value(struct http_out *o, const struct counter *c, const void *counts)
{
	uint64_t value = value_of(c, counts);
	if (c->type == COUNTER_GAUGE_US)
		put_seconds(o, value);
	else
		http_put_number(o, value);
	http_put_text(o, "\n");
}

/* --- the way over the page ------------------------------------------------------------------- */

static const struct metrics_set *end_of(const struct metrics *m)
{
	return m->sets + m->n_sets;
}

/* To the beginning of the next table. */
static void next_table(const struct metrics *m, struct metrics_place *at)
{
	const struct counters *counters = at->first->counters;
	const struct metrics_set *set = at->first;
	while (set < end_of(m) && set->counters == counters)
		set++;
	*at = (struct metrics_place){.first = set, .set = set};
}

/* To the next counter of the table, or to the next table. */
static void next_counter(const struct metrics *m, struct metrics_place *at)
{
	const struct counter *before = at->counter++, *now = at->counter;
	at->set = at->first;
	at->text = after(before->has_help ? after(at->text) : at->text);
	if (now->bytes == 0)
		next_table(m, at);
	else if (before->type != COUNTER_DROPS || now->type != COUNTER_DROPS)
		at->titled = false;
}

static void next_set(const struct metrics *m, struct metrics_place *at)
{
	const struct metrics_set *next = at->set + 1;
	at->row = 0;
	if (next < end_of(m) && next->counters == at->first->counters)
		at->set = next;
	else
		next_counter(m, at);
}

/* Text for this place; goes on to the next. */
static void put_place(struct http_out *o, struct metrics *m, struct metrics_place *at)
{
	const struct metrics_set *set = at->set;
	const void *counts = set->counts;
	m->labels[0] = '\0';
	if (at->counter == NULL) {
		at->counter = set->counters->entries;
		at->text = after(set->counters->text);
	}
	if (set->row != NULL) {
		if (!set->row(set->counts, &at->row, m->row, m->labels)) {
			next_set(m, at);
			return;
		}
		counts = m->row;
	}
	put_name(o, at, m->labels);
	put_value(o, at->counter, counts);
	at->titled = true;
	if (set->row == NULL)
		next_set(m, at);
}

/* As much as fits, from *next on; returns the length of the text, 0 at the end of the page. */
static size_t fill(struct metrics *m, struct metrics_place *next,
		   char text[static HTTP_STREAM_BYTES])
{
	struct http_out o = {.at = text, .end = text + HTTP_STREAM_BYTES};
	size_t len = 0;
	while (next->first < end_of(m)) {
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
	struct http_stream *stream = http_stream_begin(&m->scrapes[0].stream, METRICS_SCRAPES,
						       sizeof(m->scrapes[0]), conn, response);
	if (stream == NULL)
		return OK;
	struct metrics_scrape *s = container_of(stream, struct metrics_scrape, stream);
	s->next = (struct metrics_place){.first = m->sets, .set = m->sets};
	response->content_type = "text/plain; version=0.0.4; charset=utf-8";
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

void metrics_add(struct metrics *m, const struct counters *counters, const void *counts,
		 const char *device)
{
	metrics_add_rows(m, counters, NULL, counts, device);
}

/* Behind those that have the same table: a metric stands on the page once, with all its samples. */
void metrics_add_rows(struct metrics *m, const struct counters *counters, counter_row_fn *row,
		      const void *of, const char *device)
{
	unsigned at = m->n_sets;
	assert(m->n_sets < METRICS_SETS_MAX);
	check_names(counters);
	for (unsigned i = 0; i < m->n_sets; i++) {
		if (m->sets[i].counters == counters)
			at = i + 1;
	}
	memmove(&m->sets[at + 1], &m->sets[at], (m->n_sets - at) * sizeof(m->sets[0]));
	m->sets[at] = (struct metrics_set){counters, device, of, row};
	m->n_sets++;
}
