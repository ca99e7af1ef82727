/* SPDX-License-Identifier: ISC */
/* The HTTP client. */
#ifndef NET_HTTP_CLIENT_CFG_H
#define NET_HTTP_CLIENT_CFG_H

#include <fata/module.h>

#include "runtime/heap/heap.cfg.h"
#include "runtime/loop/loop.cfg.h"

struct http_client_options {
	unsigned connections;  /* at one time, idle ones included */
	unsigned header_bytes; /* of a request and of a response */
	unsigned redirects;    /* followed in one call */
};

static inline http_client_t http_client_over(connector_t connector,
					     const struct http_client_options *o)
{
	enum { COUNT_MAX = 1000, HEADER_MIN = 512, HEADER_MAX = 65535, CONNECTION_BYTES = 1150 };

	if (o->connections < 1 || o->connections > COUNT_MAX)
		fata_fault("HTTP client with %u connections: expected 1 to %u", o->connections,
			   COUNT_MAX);
	if (o->header_bytes < HEADER_MIN || o->header_bytes > HEADER_MAX)
		fata_fault("HTTP client with headers of %u bytes: expected %u to %u",
			   o->header_bytes, HEADER_MIN, HEADER_MAX);
	if (o->redirects > UINT8_MAX)
		fata_fault("HTTP client: redirects is %u at most", UINT8_MAX);
	const struct fata_spec spec = {
		.kind = "http-client",
		.about = "HTTP/1.1 client (RFC 9112)",
		.signature = &fata_signature_http_client,
		.modules = "net/http_client",
		.headers = "net/http_client/http_client.h runtime/heap/heap.h",
		.state = "static struct http_client *$self;",
		.value = "$self",
		.start =
			fata_text("struct http_client_config config = http_client_config_default;\n"
				  "config.connections = %u;\n"
				  "config.header_bytes = %u;\n"
				  "config.redirects = %u;\n"
				  "void *memory = memory_take(\"HTTP client\", 8, "
				  "http_client_memory_bytes(&config));\n"
				  "$self = http_client_init(memory, &config, $connector, $waker);\n"
				  "return OK;",
				  o->connections, o->header_bytes, o->redirects),
		.counters = "metrics_add($page, &http_client_counters, http_client_stats($self), "
			    "$name);",
		.poll = "http_client_poll($self, now_us)",
		.ram_bytes = (uint64_t)o->connections * (CONNECTION_BYTES + o->header_bytes),
		.ram_use = "connections",
	};
	return (http_client_t){
		fata_device(&spec, fata_name_over(connector.node, "http-client"),
			    FATA_USES({"connector", connector.node}, {"heap", fata_heap()}))};
}

#define HTTP_CLIENT_DEFAULTS .connections = 4, .header_bytes = 4096, .redirects = 5
#define HTTP_CLIENT_OPTIONS(...)                                                                   \
	(&(const struct http_client_options){HTTP_CLIENT_DEFAULTS, __VA_ARGS__})
#define http_client_over(CONNECTOR, ...)                                                           \
	FATA_HERE(http_client_over((CONNECTOR), HTTP_CLIENT_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(http_client_over,
	    "http_client_t http_client_over(connector_t connector, " FATA_TEXT_OF(
		    HTTP_CLIENT_DEFAULTS) ")",
	    "an HTTP client")

#endif
