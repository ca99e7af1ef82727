/* SPDX-License-Identifier: ISC */
/* The WebSocket server. */
#ifndef NET_WEBSOCKET_CFG_H
#define NET_WEBSOCKET_CFG_H

#include <fata/module.h>

#include "net/http/http.cfg.h"

SIGNATURE(websocket, "struct websocket *", "net/websocket/websocket.h");

struct websocket_options {
	unsigned connections;
	const char *frame_bytes_max, *message_bytes_max; /* C expressions */
};

/* What became a WebSocket holds a place of TCP, but none of HTTP, which makes room by displacing
 * its own: as many more are needed, or idle ones keep newcomers out for as long as they stay. */
static inline void fata_websocket_places(struct fata_node *http, unsigned wanted)
{
	const unsigned places = fata_connections(fata_below(http, "tcp"));
	const unsigned served = fata_connections(http);
	const uint64_t needed = fata_http_places(served) + wanted;

	if (served > 0 && places > 0 && needed > places)
		fata_fault("WebSocket with %u connections beside HTTP with %u over TCP with %u: "
			   "expected fewer, http_over(…, .connections = fewer), or "
			   "tcp_over(…, .connections = %u)",
			   wanted, served, places, (unsigned)needed);
}

static inline websocket_t websocket_over(http_t http, const struct websocket_options *o)
{
	enum { COUNT_MAX = 65535 };
	if (o->connections < 1 || o->connections > COUNT_MAX)
		fata_fault("WebSocket with %u connections: expected 1 to %u", o->connections,
			   COUNT_MAX);
	fata_websocket_places(http.node, o->connections);
	/* It is polled with HTTP, over whose routes its connections come. */
	const struct fata_spec spec = {
		.kind = "websocket",
		.about = "WebSocket server (RFC 6455)",
		.signature = &fata_signature_websocket,
		.modules = "net/websocket",
		.headers = "net/websocket/websocket.h runtime/heap/heap.h runtime/loop/loop.h",
		.state = "static struct websocket *$self;",
		.value = "$self",
		.start = fata_text(
			"struct websocket_config config = websocket_config_default;\n"
			"config.connections = %u;\n"
			"config.frame_bytes_max = %s;\n"
			"config.message_bytes_max = %s;\n"
			"void *memory = memory_take(\"WebSocket connections\", 8, "
			"websocket_memory_bytes(&config));\n"
			"$self = websocket_init(memory, &config, time_now_us(), $waker);\n"
			"return OK;",
			o->connections, o->frame_bytes_max, o->message_bytes_max),
		.poll = "websocket_poll($self, now_us)",
		.counters = "metrics_add($page, &websocket_counters, websocket_stats($self), "
			    "$name);",
	};
	return (websocket_t){fata_device(
		&spec, fata_name_over(http.node, "websocket"),
		FATA_USES({"http", http.node}, {"loop", fata_loop()}, {"heap", fata_heap()}))};
}

#define WEBSOCKET_OPTIONS(...)                                                                     \
	(&(const struct websocket_options){.connections = 16,                                      \
					   .frame_bytes_max = "1 << 20",                           \
					   .message_bytes_max = "1 << 20",                         \
					   __VA_ARGS__})
#define websocket_over(HTTP, ...) FATA_HERE(websocket_over((HTTP), WEBSOCKET_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(websocket_over, "websocket_t websocket_over(http_t http, .connections = 16)",
	    "a WebSocket server, for routes of an HTTP server; a job gives it its handlers")

#endif
