/* SPDX-License-Identifier: ISC */
/* The servers on Fata's stack: its own HTTP, and the same least ones that lwIP has. */
#include <stdio.h>
#include <string.h>

#include "bench/instructions/measure.h"
#include "bench/peers/request.h"
#include "hal/flow.h"
#include "net/http/http.h"
#include "net/tcp/tcp_internal.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { SOURCE_BYTES = 32 * 1024 };

static char response[4096];
static size_t response_bytes;

/* --- HTTP ------------------------------------------------------------------------------------ */

static void on_request(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e;

	(void)arg;
	(void)events;
	(void)now_us;
	while ((e = flow_read(f, &s)) == OK) {
		const struct slice answer = SLICE_STATIC(response, response_bytes);
		bool close;
		size_t n = request_length((const char *)s.data, s.len, &close);
		if (n == 0)
			return;
		flow_consume(f, n);
		if (flow_write(f, &answer, 1) != (ssize_t)response_bytes || close) {
			flow_close(f);
			return;
		}
	}
	if (e != ERR_AGAIN)
		flow_close(f);
}

static void accept_http(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	f->event = on_request;
	on_request(f, NULL, 0, now_us);
}

static void prepare(const struct slice *page)
{
	int n = snprintf(response, sizeof(response),
			 "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n"
			 "Content-Length: %zu\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 page->len);

	response_bytes = (size_t)n + page->len;
	if (response_bytes > sizeof(response))
		stop_with_error("the page is too large");
	memcpy(response + n, page->data, page->len);
}

/* --- bulk ------------------------------------------------------------------------------------ */

static void discard(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e;

	(void)arg;
	(void)events;
	(void)now_us;
	while ((e = flow_read(f, &s)) == OK)
		flow_consume(f, s.len);
	if (e != ERR_AGAIN)
		flow_close(f);
}

static void accept_discard(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	(void)now_us;
	f->event = discard;
}

static void fill(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	static const char bytes[SOURCE_BYTES];
	const struct slice s = SLICE_STATIC(bytes, sizeof(bytes));

	(void)arg;
	(void)events;
	(void)now_us;
	ssize_t n;
	do
		n = flow_write(f, &s, 1);
	while (n > 0);
	if (n != ERR_AGAIN)
		flow_close(f);
}

static void accept_source(void *arg, struct flow *f, uint64_t now_us)
{
	f->event = fill;
	fill(f, arg, 0, now_us);
}

/* --- memory ---------------------------------------------------------------------------------- */

/* What the pools of another thousand connections would take; what is shared by all is left out. */
static int tell_memory(void)
{
	enum { MANY = 1024 };
	struct tcp_config tcp = tcp_config_default;
	struct http_config http = http_config_default;

	http.header_buffers = 1;
	tcp.connections = MANY;
	http.connections = MANY;
	size_t tcp_less = tcp_memory_bytes(&tcp), http_less = http_memory_bytes(&http);
	tcp.connections = 2 * MANY;
	http.connections = 2 * MANY;
	console_printf("conn_bytes %zu, tcp_bytes %zu, http_bytes %zu\n", sizeof(struct tcp_conn),
		       (tcp_memory_bytes(&tcp) - tcp_less) / MANY,
		       (http_memory_bytes(&http) - http_less) / MANY);
	return STATUS_OK;
}

/* --- start ----------------------------------------------------------------------------------- */

static void listen_on(struct tcp *tcp, uint16_t port, flow_accept_fn *accept)
{
	if (tcp_listen(tcp, port, accept, NULL) != OK)
		stop_with_error("cannot listen on port %u", port);
}

int measure_fata(struct tcp *tcp, struct http *http, struct kv *pages, unsigned load,
		 uint32_t connections, uint32_t units, bool options)
{
	static struct http_route routes[2];
	static const char name[] = "favicon.svg";
	const struct measure_run run = {load, connections, units, options};
	struct kv_value page;

	if (load == MEASURE_MEMORY)
		return tell_memory();
	if (kv_get(pages, name, strlen(name), &page) != OK)
		stop_with_error("there is no %s", name);
	prepare(&page.bytes);
	routes[0] = (struct http_route){.path = "/", .handler = http_serve_kv, .arg = pages};
	http_set_routes(http, routes);
	listen_on(tcp, MEASURE_RAW_PORT, accept_http);
	listen_on(tcp, MEASURE_DISCARD_PORT, accept_discard);
	listen_on(tcp, MEASURE_SOURCE_PORT, accept_source);
	return measure(&run);
}
