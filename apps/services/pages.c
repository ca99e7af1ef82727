/* SPDX-License-Identifier: ISC */
#include "apps/services/pages.h"

#include <stdio.h>
#include <string.h>

#include "apps/services/services.h"

enum { BIG_BYTES = 20 * 1024 * 1024 };

static enum err front_page(void *arg, struct http_conn *conn, const struct http_request *request,
			   struct http_response *response)
{
	static const char text[] = "Fata: small services for interoperability tests\n"
				   "\n"
				   "echo       tcp and udp port 7\n"
				   "discard    tcp and udp port 9\n"
				   "chargen    tcp and udp port 19\n"
				   "/20mb.bin  20 MiB, generated while they are sent\n"
				   "/sink      counts what is posted to it and forgets it\n"
				   "/ws        a WebSocket that echoes messages\n"
				   "/metrics   counters of all devices, for Prometheus\n"
				   "/capture.pcapng  the last frames, for Wireshark\n";
	(void)arg;
	(void)conn;
	if (request->path.len != 1)
		return ERR_NOTFOUND;
	response->content_type = "text/plain; charset=utf-8";
	response->body = SLICE_STATIC(text, sizeof(text) - 1);
	return OK;
}

static enum err big_next(struct http_source *s, uint64_t offset, struct slice *out)
{
	(void)s;
	if (offset >= BIG_BYTES)
		return ERR_EOF;
	*out = chargen_pattern(offset);
	out->len = (size_t)MIN((uint64_t)out->len, BIG_BYTES - offset);
	return OK;
}

static enum err big_page(void *arg, struct http_conn *conn, const struct http_request *request,
			 struct http_response *response)
{
	/* The offset comes with each call, so one source serves all connections. */
	static struct http_source big = {.next = big_next};
	(void)arg;
	(void)conn;
	(void)request;
	response->content_type = "application/octet-stream";
	response->source = &big;
	response->source_bytes = BIG_BYTES;
	return OK;
}

static enum err sink_body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	(void)arg;
	(void)conn;
	(void)last;
	services_stats.discarded_bytes += bytes.len;
	return OK;
}

static enum err sink_page(void *arg, struct http_conn *conn, const struct http_request *request,
			  struct http_response *response)
{
	(void)arg;
	(void)conn;
	response->status = request->method == HTTP_POST ? 204 : 200;
	if (request->method != HTTP_POST) {
		response->content_type = "text/plain; charset=utf-8";
		response->body = SLICE_STATIC("POST here\n", 10);
	}
	return OK;
}

/* What the flow does not take is left to the peer, who is slowed down by it. */
static ssize_t ws_echo(void *arg, struct websocket_conn *ws, enum websocket_type type,
		       const uint8_t *bytes, size_t len, bool last)
{
	(void)arg;
	ssize_t n = websocket_write_copy(ws, type, bytes, len, last);
	if (n > 0)
		services_stats.echoed_bytes += (uint64_t)n;
	return n;
}

void pages_init(struct http *http, struct websocket *ws, struct metrics *metrics,
		struct capture *capture)
{
	static const struct websocket_handlers echo = {.data = ws_echo};
	/* One more than there are: the table ends with a NULL path. */
	static struct http_route routes[7];
	routes[0] = (struct http_route){.path = "/20mb.bin", .handler = big_page};
	routes[1] = (struct http_route){.path = "/sink", .handler = sink_page, .body = sink_body};
	routes[2] = (struct http_route){.path = "/", .handler = front_page};
	routes[3] =
		(struct http_route){.path = "/metrics", .handler = metrics_handler, .arg = metrics};
	routes[4] = (struct http_route)WEBSOCKET_ROUTE("/ws", ws);
	routes[5] = (struct http_route){
		.path = "/capture.pcapng", .handler = capture_handler, .arg = capture};
	websocket_set_handlers(ws, &echo, NULL);
	http_set_routes(http, routes);
}
