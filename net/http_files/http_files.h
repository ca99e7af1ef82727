/* SPDX-License-Identifier: ISC */
/*
 * Routes to a key-value store that waits: a disk's files over HTTP, and uploads into it.
 *
 * GET and HEAD: the store is asked through a queue (hal/kv_queue.h), in pieces, so the event loop
 * never waits. Each request that is under way has two pieces of memory: one is read while the other
 * is on its way to the peer, who so sets the pace. Entity tags, ranges and conditions are as with
 * other responses; Last-Modified is what the store knows, and a peer that sends it back as
 * If-Modified-Since is answered 304; If-Unmodified-Since may be any date. A value that changes
 * while it is sent ends the connection, and so does a medium that fails then; before, it is 500, or
 * 503 if there is none or it does not answer. More requests at once than there is room for are
 * answered 503, unless one of those has a peer that is too slow: that is broken off.
 *
 * PUT and DELETE, where a route is made for them (RFC 9110 sections 9.3.4, 9.3.5): 201 for a new
 * value, 204 for another or none; 403 for a medium that cannot be written, 404, 409 for what can be
 * no key, 412 for conditions that do not hold (section 13.2.2), 413, 507 (RFC 4918 section 11.5)
 * when the store is full. A value takes its place as a whole when all of it has come and is safe;
 * one that breaks off leaves nothing. At most half of the requests may be uploads whose body is
 * still to come; one more is answered 503, unless one of those has a peer that is too slow, which
 * is told so by 408.
 *
 * Too slow is who takes, or brings, less than a thousand bytes a second, and has been late by that
 * for five seconds; of what a peer takes whole pieces count. Who was faster before has nothing of
 * it. Nobody is too slow while the store is at work for it, and without others who wait for the
 * place a peer may take as long as the server lets it.
 *
 * A store that lends is served by http_serve_kv() without any of this. Event loop only.
 */
#ifndef NET_HTTP_FILES_HTTP_FILES_H
#define NET_HTTP_FILES_HTTP_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/counter.h"
#include "hal/kv.h"
#include "hal/kv_queue.h"
#include "net/http/http.h"

struct http_files_config {
	uint16_t requests;     /* under way at one time; the queue should have as much room */
	uint32_t piece_bytes;  /* read at a time; each request has two. A multiple of 8 */
	uint64_t upload_bytes; /* of one value, at most; 413 beyond */
};

struct http_files_stats {
	uint64_t requests;      /* that found room */
	uint32_t busy;          /* answered 503: no room */
	uint32_t stalled;       /* broken off, since others wanted the room */
	uint32_t store_errors;  /* answered 500, 503 or 507, or broken off */
	uint32_t uploads;       /* that took their place */
	uint32_t uploads_ended; /* that did not */
};

/* It, described (base/counter.h). */
extern const struct counters http_files_counters;

struct http_files;

/* Bytes of memory that http_files_init() needs. */
size_t http_files_memory_bytes(const struct http_files_config *config);

/* In `memory`, 8-byte aligned. The store and the queue must outlive it. */
struct http_files *http_files_init(void *memory, const struct http_files_config *config,
				   struct kv_queue *queue);

/* The store to serve, before the first request; `writable` is the same, or NULL: no uploads. */
void http_files_set_store(struct http_files *files, struct kv *store, struct kv_rw *writable);

/* The store that is served, and whether it may be changed. */
struct kv *http_files_store(const struct http_files *files);
bool http_files_take_uploads(const struct http_files *files);

/* Borrowed, live. */
const struct http_files_stats *http_files_stats(const struct http_files *files);

http_handler_fn http_files_get, http_files_change;
http_body_fn http_files_body;
http_gone_fn http_files_gone;

/* A route for GET and HEAD, and one for PUT and DELETE besides. */
#define HTTP_FILES_ROUTE(PATH, FILES)                                                              \
	{                                                                                          \
		.path = (PATH), .handler = http_files_get, .arg = (FILES), .gone = http_files_gone \
	}
#define HTTP_FILES_UPLOAD_ROUTE(PATH, FILES)                                                       \
	{                                                                                          \
		.path = (PATH), .handler = http_files_change, .body = http_files_body,             \
		.arg = (FILES), .gone = http_files_gone,                                           \
		.methods = 1 << HTTP_PUT | 1 << HTTP_DELETE                                        \
	}

#endif
