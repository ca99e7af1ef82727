/* SPDX-License-Identifier: ISC */
/*
 * Counters as a page that Prometheus scrapes: text format 0.0.4, made while it is sent.
 *
 * The application has a table of metrics that points at its counters, and a route whose handler is
 * metrics_handler() with a struct metrics as its arg. A scrape takes one of a few sets of buffers,
 * and fills one as soon as the peer has acknowledged what was in it; when all sets are in use, the
 * answer is 503. So memory is constant however long the table is and however slow the peer.
 *
 * Values are read when their line is made: a page is no snapshot of one moment. The table, its
 * texts and counters must outlive the struct metrics, which belongs to the caller. Event loop only.
 */
#ifndef NET_METRICS_METRICS_H
#define NET_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "net/http/http.h"

enum {
	METRICS_SCRAPES = 2,         /* at one time */
	METRICS_BUFFERS = 2,         /* of each: one is filled while the other is on its way */
	METRICS_BUFFER_BYTES = 1024, /* the text of one metric must fit (asserted) */
};

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };

struct metric {
	/* [a-zA-Z_:][a-zA-Z0-9_:]*, by custom with its unit, and "_total" for a counter. */
	const char *name;
	const char *help; /* what it counts */
	enum metric_type type;
	/* As they are to stand between braces, "code=\"404\"", or NULL. Metrics of one name that
	 * differ by their labels stand one behind the other; help and type are the first one's. */
	const char *labels;
	const void *value;   /* an unsigned number of … */
	uint8_t value_bytes; /* 4 or 8 bytes */
};

/* An entry of a table; VALUE is a uint32_t or uint64_t that stays where it is. */
#define METRIC(NAME, HELP, TYPE, LABELS, VALUE)                                                    \
	{                                                                                          \
		.name = (NAME), .help = (HELP), .type = (TYPE), .labels = (LABELS),                \
		.value = &(VALUE), .value_bytes = sizeof(VALUE)                                    \
	}

struct metrics;
struct metrics_scrape;

struct metrics_buffer {
	struct ref ref; /* 0: free */
	struct metrics_scrape *scrape;
	char text[METRICS_BUFFER_BYTES];
};

struct metrics_scrape {
	struct http_source source;
	struct metrics *metrics;
	struct http_conn *conn; /* NULL: no response is under way */
	size_t next;            /* of the table */
	struct metrics_buffer
		*showing; /* what the server was given last, with a reference of ours */
	struct metrics_buffer buffers[METRICS_BUFFERS];
};

struct metrics {
	const struct metric *table;
	size_t n;
	struct metrics_scrape scrapes[METRICS_SCRAPES];
};

/*
 * Prepares *m for a table of `n` metrics, whose names are checked (asserted). Again with another
 * table only while nobody is served.
 */
void metrics_init(struct metrics *m, const struct metric *table, size_t n);

/* For GET and HEAD; its arg is a struct metrics. */
http_handler_fn metrics_handler;

#endif
