/* SPDX-License-Identifier: ISC */
/*
 * Counters as a page that Prometheus scrapes: text format 0.0.4, made while it is sent.
 *
 * A page has sets of counters (base/counter.h), one for each layer and for whatever else the
 * application counts, and a route whose handler is metrics_handler() with the struct metrics as its
 * arg. metrics_page() of config.c adds all layers of the image by itself. A metric is called
 * "fata_" and the counter's name, with "_total" behind a counter that only grows; the device that
 * counts is a label.
 *
 * A scrape takes one of a few streams (net/http/http_stream.h); when all are in use, the answer is
 * 503. So memory is constant however long the page is and however slow the peer; the text of one
 * metric must fit into HTTP_STREAM_BYTES (asserted). Values are read when their line is made: a
 * page is no snapshot of one moment. Tables, counters and names must outlive the struct metrics,
 * which belongs to the caller. Event loop only.
 */
#ifndef NET_METRICS_METRICS_H
#define NET_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/counter.h"
#include "net/http/http.h"
#include "net/http/http_stream.h"

enum {
	METRICS_SETS_MAX = 48,
	METRICS_SCRAPES = 2, /* at one time */
};

/* Counters of one device: a struct of them, or rows. */
struct metrics_set {
	const struct counters *counters;
	const char *device;
	const void *counts; /* the struct, or what `row` is called with */
	counter_row_fn *row;
};

/* A place on the page: row behind row, device behind device, counter behind counter. */
struct metrics_place {
	const struct metrics_set *first; /* set whose table it is */
	const struct metrics_set *set;   /* … or one with the same table behind it */
	const struct counter *counter;   /* of the table; NULL: the first */
	const char *text;                /* the counter's */
	uint32_t row;
	bool titled; /* its name and help are on the page */
};

struct metrics;

struct metrics_scrape {
	struct http_stream stream;
	struct metrics *metrics;
	struct metrics_place next;
};

struct metrics {
	unsigned n_sets;
	struct metrics_set sets[METRICS_SETS_MAX];
	struct metrics_scrape scrapes[METRICS_SCRAPES];
	/* The row that is being put, and what tells it from others. */
	_Alignas(uint64_t) uint8_t row[COUNTER_ROW_BYTES];
	char labels[COUNTER_LABELS_BYTES];
};

/* Prepares an empty page. */
void metrics_init(struct metrics *m);

/*
 * Adds a struct of counters that `counters` describes, of `device`. Names are of small letters,
 * digits and '_', a letter in front; more than METRICS_SETS_MAX asserts.
 */
void metrics_add(struct metrics *m, const struct counters *counters, const void *counts,
		 const char *device);

/* The same for what there is a row of for each of many. */
void metrics_add_rows(struct metrics *m, const struct counters *counters, counter_row_fn *row,
		      const void *of, const char *device);

/* For GET and HEAD; its arg is a struct metrics. */
http_handler_fn metrics_handler;

#endif
