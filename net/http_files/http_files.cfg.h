/* SPDX-License-Identifier: ISC */
/* Key-value stores that wait, over HTTP. */
#ifndef NET_HTTP_FILES_CFG_H
#define NET_HTTP_FILES_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"
#include "runtime/kv/kv.cfg.h"

SIGNATURE(http_files, "struct http_files *", "net/http_files/http_files.h");

struct http_files_options {
	unsigned requests;    /* under way at one time */
	unsigned piece_bytes; /* read at a time; each request has two */
};

/* `uploads` and `largest` are keys, or NULL of a store that is only read. */
static inline http_files_t fata_http_files(struct fata_node *store, struct fata_node *uploads,
					   struct fata_node *largest,
					   const struct http_files_options *o)
{
	enum { REQUESTS_MAX = 1024, PIECE_MIN = 512, PIECE_MAX = 1 << 20, REQUEST_BYTES = 700 };
	const struct fata_spec spec = {
		.kind = "http_files",
		.about = uploads != NULL ? "stores that wait, over HTTP, and uploads"
					 : "stores that wait, over HTTP",
		.signature = &fata_signature_http_files,
		.modules = "net/http_files",
		.headers = "net/http_files/http_files.h runtime/heap/heap.h",
		.state = "static struct http_files *$self;",
		.value = "$self",
		.start = fata_text("const struct http_files_config config = {\n"
				   "\t.requests = %u,\n"
				   "\t.piece_bytes = %u,\n"
				   "\t.upload_bytes = %s,\n"
				   "};\n"
				   "void *memory = memory_take(\"files over HTTP\", 8, "
				   "http_files_memory_bytes(&config));\n"
				   "$self = http_files_init(memory, &config, $queue);\n"
				   "%s"
				   "return OK;",
				   o->requests, o->piece_bytes, uploads != NULL ? "$largest" : "0",
				   uploads != NULL
					   ? "struct kv_rw *store = $store;\n"
					     "http_files_set_store($self, &store->kv, "
					     "$uploads ? store : NULL);\n"
					   : "http_files_set_store($self, $store, NULL);\n"),
		.counters = "metrics_add($page, &http_files_counters, http_files_stats($self), "
			    "$name);",
		.ram_bytes = (uint64_t)o->requests * (2 * o->piece_bytes + REQUEST_BYTES),
		.ram_use = "pieces of files",
	};

	if (o->requests < 1 || o->requests > REQUESTS_MAX)
		fata_fault("files over HTTP with %u requests: expected 1 to %u", o->requests,
			   REQUESTS_MAX);
	if (o->piece_bytes < PIECE_MIN || o->piece_bytes > PIECE_MAX || o->piece_bytes % 512 != 0)
		fata_fault("files over HTTP with pieces of %u bytes: expected a multiple of 512, "
			   "%u to %u",
			   o->piece_bytes, PIECE_MIN, PIECE_MAX);
	/* The queue is its own, so it has room for each request. */
	kv_queue_t queue = (kv_queue)(&(const struct kv_queue_options){.requests = o->requests,
								       .stack_bytes = 8192});
	return (http_files_t){
		fata_device(&spec, NULL,
			    FATA_USES({"queue", queue.node}, {"store", store}, {"uploads", uploads},
				      {"largest", largest}, {"heap", fata_heap()}))};
}

static inline http_files_t http_files(kv_t store, const struct http_files_options *o)
{
	return fata_http_files(store.node, NULL, NULL, o);
}

static inline http_files_t http_uploads(kv_rw_t store, key allowed, key largest,
					const struct http_files_options *o)
{
	return fata_http_files(store.node, allowed.node, largest.node, o);
}

#define HTTP_FILES_DEFAULTS .requests = 16, .piece_bytes = 8192
#define HTTP_FILES_OPTIONS(...)                                                                    \
	(&(const struct http_files_options){HTTP_FILES_DEFAULTS, __VA_ARGS__})
#define http_files(STORE, ...) FATA_HERE(http_files((STORE), HTTP_FILES_OPTIONS(__VA_ARGS__)))
#define http_uploads(STORE, ALLOWED, LARGEST, ...)                                                 \
	FATA_HERE(http_uploads((STORE), (ALLOWED), (LARGEST), HTTP_FILES_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(http_files,
	    "http_files_t http_files(kv_t store, " FATA_TEXT_OF(HTTP_FILES_DEFAULTS) ")",
	    "routes of an HTTP server to a store over a disk")
FATA_OFFERS(http_uploads,
	    "http_files_t http_uploads(kv_rw_t store, key allowed, key "
	    "largest, " FATA_TEXT_OF(HTTP_FILES_DEFAULTS) ")",
	    "the same, and uploads if the key of a bool allows them, of a key's size at most")

#endif
