/* SPDX-License-Identifier: ISC */
/* Key-value stores that wait, over HTTP. */
#ifndef NET_HTTP_FILES_CFG_H
#define NET_HTTP_FILES_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"
#include "runtime/kv/kv.cfg.h"

SIGNATURE(http_files, "struct http_files *", "net/http_files/http_files.h");

struct http_files_options {
	unsigned requests;        /* under way at one time */
	unsigned piece_bytes;     /* read at a time; each request has two */
	const char *upload_bytes; /* of one value, at most: a C expression */
};

static inline http_files_t http_files(const struct http_files_options *o)
{
	enum { REQUESTS_MAX = 1024, PIECE_MIN = 512, PIECE_MAX = 1 << 20, REQUEST_BYTES = 700 };
	const struct fata_spec spec = {
		.kind = "http_files",
		.about = "stores that wait, over HTTP",
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
				   "return OK;",
				   o->requests, o->piece_bytes, o->upload_bytes),
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
		fata_device(&spec, NULL, FATA_USES({"queue", queue.node}, {"heap", fata_heap()}))};
}

#define HTTP_FILES_DEFAULTS .requests = 16, .piece_bytes = 8192, .upload_bytes = "16 << 20"
#define http_files(...)                                                                            \
	FATA_HERE(http_files(&(const struct http_files_options){HTTP_FILES_DEFAULTS, __VA_ARGS__}))

FATA_OFFERS(http_files, "http_files_t http_files(" FATA_TEXT_OF(HTTP_FILES_DEFAULTS) ")",
	    "routes of an HTTP server to a store over a disk, and uploads into it")

#endif
