/* SPDX-License-Identifier: ISC */
/* The HTTP/1.1 server. */
#ifndef NET_HTTP_CFG_H
#define NET_HTTP_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"

enum { FATA_HTTP_HEADER_BYTES_MAX = 4096 };

struct http_options {
	unsigned connections;       /* 0: as many as TCP has, less those that are kept free */
	unsigned header_buffers;    /* 0: an eighth of `connections`, and 2 */
	unsigned idle_timeout_s;    /* between requests */
	const char *body_bytes_max; /* of a request: a C expression */
	/* struct http_parts of net/http/http.h, the same for all servers of an image. */
	unsigned kept, kept_bytes, header_bytes;
	bool variants, bodies, sources, conditions, date, reasons;
};

/* What the image's servers can do: a constant, unless they have all that there is. */
static inline struct fata_node *fata_http_parts(const struct http_options *o)
{
	enum { KEPT_MAX = 254, KEPT_BYTES_MAX = 65528, HEADER_BYTES_MIN = 256 };
	static const char *first;
	const char *parts = fata_text("const struct http_parts http_parts = {\n"
				      "\t.kept = %u,\n"
				      "\t.kept_bytes = %u,\n"
				      "\t.variants = %s,\n"
				      "\t.header_bytes = %u,\n"
				      "\t.bodies = %s,\n"
				      "\t.sources = %s,\n"
				      "\t.conditions = %s,\n"
				      "\t.date = %s,\n"
				      "\t.reasons = %s,\n"
				      "};",
				      o->kept, o->kept_bytes, o->variants ? "true" : "false",
				      o->header_bytes, o->bodies ? "true" : "false",
				      o->sources ? "true" : "false",
				      o->conditions ? "true" : "false", o->date ? "true" : "false",
				      o->reasons ? "true" : "false");
	const struct fata_spec spec = {
		.kind = "http-parts",
		.about = "what HTTP servers can do",
		.headers = "net/http/http.h",
		.state = parts,
	};

	if (o->kept > KEPT_MAX || o->kept % 2 != 0 || o->kept_bytes > KEPT_BYTES_MAX ||
	    o->kept_bytes % 8 != 0)
		fata_fault("HTTP with %u kept responses of %u bytes: expected an even number, "
			   "%u at most, and a multiple of 8, %u at most",
			   o->kept, o->kept_bytes, KEPT_MAX, KEPT_BYTES_MAX);
	if (o->header_bytes < HEADER_BYTES_MIN || o->header_bytes > FATA_HTTP_HEADER_BYTES_MAX)
		fata_fault("HTTP with headers of %u bytes: expected %u to %u", o->header_bytes,
			   HEADER_BYTES_MIN, FATA_HTTP_HEADER_BYTES_MAX);
	if (first != NULL && strcmp(first, parts) != 0)
		fata_fault("HTTP servers of one image have the same kept, kept_bytes, "
			   "variants, header_bytes, bodies, sources, conditions, date and reasons");
	first = parts;
	return fata_single(&spec, "http-parts", FATA_USES());
}

/* With those of newcomers, until others have made room (http.c). */
static inline uint64_t fata_http_places(unsigned connections)
{
	const unsigned more = connections / 8 + 1;

	return connections + (more < 8 ? more : 8);
}

/* What http_memory_bytes() is at least, on the smallest machine (tests/config/test_sizes.py). */
static inline uint64_t fata_http_bytes(const struct http_options *o)
{
	enum { HTTP_SERVER_BYTES = 330, HTTP_KEPT_BYTES = 100, HTTP_CONNECTION_BYTES = 200 };
	const uint64_t buffers = o->header_buffers > 0 ? o->header_buffers : o->connections / 8 + 2;

	return HTTP_SERVER_BYTES + (uint64_t)o->kept * (HTTP_KEPT_BYTES + o->kept_bytes) +
	       fata_http_places(o->connections) * HTTP_CONNECTION_BYTES + buffers * o->header_bytes;
}

/* As many as TCP has places for. */
static inline unsigned fata_http_connections(struct fata_node *tcp, unsigned wanted)
{
	const unsigned places = fata_connections(tcp);
	unsigned most = places;

	while (most > 1 && fata_http_places(most) > places)
		most--;
	if (wanted > most && places > 0)
		fata_fault(
			"HTTP with %u connections over TCP with %u: expected %u at most, so that "
			"others can connect when all are taken; or "
			"tcp_over(…, .connections = %u)",
			wanted, places, most, (unsigned)fata_http_places(wanted));
	return wanted > 0 ? wanted : most;
}

static inline http_t http_over(tcp_t tcp, key port, const struct http_options *given)
{
	enum { COUNT_MAX = 65535, SECONDS_MAX = 24 * 3600 };
	struct http_options all = *given;
	const struct http_options *o = &all;

	all.connections = fata_http_connections(tcp.node, given->connections);
	if (o->connections < 1 || o->connections > COUNT_MAX)
		fata_fault("HTTP with %u connections: expected 1 to %u", o->connections, COUNT_MAX);
	if (o->header_buffers > COUNT_MAX)
		fata_fault("HTTP with %u header buffers: expected %u at most", o->header_buffers,
			   COUNT_MAX);
	if (o->idle_timeout_s < 1 || o->idle_timeout_s > SECONDS_MAX)
		fata_fault("HTTP with an idle timeout of %u s: expected 1 to %u", o->idle_timeout_s,
			   SECONDS_MAX);
	const struct fata_spec spec = {
		.kind = "http",
		.about = "HTTP/1.1 server (RFC 9112)",
		.signature = &fata_signature_http,
		.modules = "net/http",
		.headers = "hal/timer.h net/http/http.h runtime/heap/heap.h runtime/loop/loop.h",
		.state = "static struct http *$self;",
		.value = "$self",
		.start = fata_text("const struct http_config config = {\n"
				   "\t.connections = %u,\n"
				   "\t.header_buffers = %u,\n"
				   "\t.header_timeout_us = 10 * US_PER_S,\n"
				   "\t.idle_timeout_us = %u * (uint64_t)US_PER_S,\n"
				   "\t.body_timeout_us = 30 * US_PER_S,\n"
				   "\t.body_bytes_max = %s,\n"
				   "};\n"
				   "void *memory = memory_take(\"HTTP connections\", 8, "
				   "http_memory_bytes(&config));\n"
				   "$self = http_init(memory, &config, %s, time_now_us(), "
				   "$waker);\n"
				   "return tcp_listen($tcp, $port, http_accept, $self);",
				   o->connections, o->header_buffers, o->idle_timeout_s,
				   o->body_bytes_max, o->date ? "$wall" : "NULL"),
		.own_task = true,
		.poll = "http_poll($self, now_us)",
		.counters = "metrics_add($page, &http_counters, http_stats($self), $name);",
		.connections = o->connections,
		.ram_bytes = fata_http_bytes(o),
		.ram_use = "connections",
	};
	struct fata_node *node =
		fata_device(&spec, fata_name_over(tcp.node, "http"),
			    FATA_USES({"tcp", tcp.node}, {"port", port.node},
				      {"wall", o->date ? (wall_clock)().node : NULL},
				      {"parts", fata_http_parts(o)}, {"loop", fata_loop()},
				      {"heap", fata_heap()}));
	fata_serves(node, "tcp", port.node, "http");
	return (http_t){node};
}

#define HTTP_DEFAULTS                                                                              \
	.connections = 0, .header_buffers = 0, .idle_timeout_s = 30, .body_bytes_max = "1 << 20",  \
	.kept = 8, .kept_bytes = 1536, .variants = true, .header_bytes = 4096, .bodies = true,     \
	.sources = true, .conditions = true, .date = true, .reasons = true
#define HTTP_OPTIONS(...)         (&(const struct http_options){HTTP_DEFAULTS, __VA_ARGS__})
#define http_over(TCP, PORT, ...) FATA_HERE(http_over((TCP), (PORT), HTTP_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(http_over, "http_t http_over(tcp_t tcp, key port, " FATA_TEXT_OF(HTTP_DEFAULTS) ")",
	    "an HTTP server that listens on a port; a job gives it its routes")

#endif
