/* SPDX-License-Identifier: ISC */
#include "apps/web/start.h"

#include "hal/board.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

static void measure_memory(struct web_memory *out)
{
	const struct memory_use use = memory_use();

	out->heap_used_bytes = use.used_bytes;
	out->heap_total_bytes = use.total_bytes;
	out->peak_bytes = board_memory().image_bytes + use.peak_bytes;
	out->memory_bytes = board_memory().total_bytes;
}

static struct web web;

/* Whatever a client says, at the end of each message it is told how the image is doing. */
static ssize_t answer(void *arg, struct websocket_conn *ws, enum websocket_type type,
		      const uint8_t *bytes, size_t len, bool last)
{
	(void)arg;
	(void)type;
	(void)bytes;
	if (!last)
		return (ssize_t)len;
	const struct web_status *s = web_describe(&web);
	ssize_t n = websocket_write_copy(ws, WEBSOCKET_TEXT, s->text, s->len, true);
	if (n < 0)
		return n;
	/* One who does not read what it has asked for is let go. */
	return (size_t)n == s->len ? (ssize_t)len : ERR_NOMEM;
}

struct web *web_prepare(struct http *http, struct kv *pages, struct websocket *ws,
			struct metrics *metrics, struct capture *capture, bool share)
{
	static const struct websocket_handlers handlers = {.data = answer};
	const struct web_inputs inputs = {
		.pages = pages,
		.board = board_name,
		.arch = board_arch(),
		.now_us = time_now_us,
		.idle_us = loop_idle_us,
		.memory = measure_memory,
	};
	struct http_route *more = web_init(&web, &inputs, http_stats(http));

	more[0] =
		(struct http_route){.path = "/metrics", .handler = metrics_handler, .arg = metrics};
	more[1] = (struct http_route)WEBSOCKET_ROUTE("/ws", ws);
	if (share)
		more[2] = (struct http_route){
			.path = "/capture.pcapng", .handler = capture_handler, .arg = capture};
	capture_pause(capture, !share);
	websocket_set_handlers(ws, &handlers, NULL);
	return &web;
}

int web_serve(struct http *http, const struct http_route *routes, const struct web_reports *reports)
{
	http_set_routes(http, routes);
	boot_ready();
	if (reports->url[0] != '\0')
		return web_report(&web, reports);
	fiber_park_forever();
}

/* One of the two jobs is called. */
int web_start(struct http *http, struct kv *pages, struct websocket *ws, struct metrics *metrics,
	      struct capture *capture, bool share, struct sntp *sntp, struct syslog *syslog,
	      struct http_client *client, const char *report_to, uint16_t report_every_s);

int web_start(struct http *http, struct kv *pages, struct websocket *ws, struct metrics *metrics,
	      struct capture *capture, bool share, struct sntp *sntp, struct syslog *syslog,
	      struct http_client *client, const char *report_to, uint16_t report_every_s)
{
	const struct web_reports reports = {client, report_to, report_every_s};

	(void)sntp;
	(void)syslog;
	return web_serve(http, web_prepare(http, pages, ws, metrics, capture, share)->routes,
			 &reports);
}
