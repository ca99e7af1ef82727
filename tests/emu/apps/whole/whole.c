/* SPDX-License-Identifier: ISC */
#include "net/capture/capture.h"
#include "net/http/http.h"
#include "net/metrics/metrics.h"
#include "net/websocket/websocket.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static ssize_t ws_echo(void *arg, struct websocket_conn *ws, enum websocket_type type,
		       const uint8_t *bytes, size_t len, bool last)
{
	(void)arg;
	return websocket_write_copy(ws, type, bytes, len, last);
}

int whole_start(struct http *http, struct websocket *ws, struct metrics *metrics,
		struct capture *capture, struct http_client *client, struct kv *pages,
		struct sntp *sntp, struct syslog *syslog)
{
	static const struct websocket_handlers echo = {.data = ws_echo};
	static struct http_route routes[5];

	(void)client;
	(void)sntp;
	(void)syslog;
	routes[0] = (struct http_route){.path = "/", .handler = http_serve_kv_gzip, .arg = pages};
	routes[1] =
		(struct http_route){.path = "/metrics", .handler = metrics_handler, .arg = metrics};
	routes[2] = (struct http_route){
		.path = "/capture.pcapng", .handler = capture_handler, .arg = capture};
	routes[3] = (struct http_route)WEBSOCKET_ROUTE("/ws", ws);
	websocket_set_handlers(ws, &echo, NULL);
	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}
