/* SPDX-License-Identifier: ISC */
/*
 * The web application's routes: the embedded pages, /status.json about the running image, and those
 * that it is given.
 *
 * struct web belongs to the caller and must outlive the server. It knows nothing of how the image
 * is wired: what it shows comes through struct web_inputs. Event loop only.
 */
#ifndef APPS_WEB_WEB_H
#define APPS_WEB_WEB_H

#include <stddef.h>
#include <stdint.h>

#include "hal/kv.h"
#include "net/http/http.h"

enum {
	WEB_STATUS_BYTES = 512,
	/* Answers that may be on their way at once; when all are, the newest is sent again. */
	WEB_STATUS_TEXTS = 4,
	WEB_ROUTES_MAX = 5,
};

/* Where web's own pages are in an image that has others at "/". */
#define WEB_FOLDER "/fata/"

struct web_memory {
	uint64_t heap_used_bytes, heap_total_bytes;
	uint64_t peak_bytes;   /* image, stacks and heap, at most so far */
	uint64_t memory_bytes; /* of the machine */
};

struct web_inputs {
	struct kv *pages;
	const char *board, *arch;
	uint64_t (*now_us)(void);  /* since the image was entered */
	uint64_t (*idle_us)(void); /* of that, asleep */
	void (*memory)(struct web_memory *out);
};

struct web_status {
	struct ref ref; /* 1 while nobody sends the text */
	size_t len;
	char text[WEB_STATUS_BYTES];
};

struct web {
	struct web_inputs in;
	const struct http_stats *stats;
	struct http_route routes[WEB_ROUTES_MAX + 1];
	struct web_memory memory; /* as the newest status tells it */
	struct web_status status[WEB_STATUS_TEXTS];
	unsigned newest;
};

/*
 * A text about the running image, in JSON: borrowed, until the caller returns to the event loop, or
 * longer with a reference on its owner.
 */
struct web_status *web_describe(struct web *web);
/* It, with its owner. */
struct slice web_status_slice(struct web_status *s);

/*
 * Prepares *web, whose routes are for the server of `stats`. Returns where further ones can be put,
 * up to WEB_ROUTES_MAX in all.
 */
struct http_route *web_init(struct web *web, const struct web_inputs *in,
			    const struct http_stats *stats);

/*
 * Makes a table of the routes of *web, without its end, that leaves "/" to others: the pages are in
 * WEB_FOLDER, and what they ask for as well. Returns their number.
 */
unsigned web_move_pages(struct web *web, struct http_route routes[static WEB_ROUTES_MAX + 1]);

#endif
