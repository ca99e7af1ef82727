/* SPDX-License-Identifier: ISC */
#include "bench/peers/fata/least.h"

#include <stdio.h>
#include <string.h>

#include "bench/peers/request.h"
#include "hal/flow.h"
#include "runtime/start.h"
#include "source.h"

enum { DISCARD_PORT = 9, SOURCE_PORT = 19, RUNS = 32 };

static char response[RESPONSE_BYTES_MAX];
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

static void prepare(struct slice page)
{
	int n = snprintf(response, sizeof(response),
			 "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n"
			 "Content-Length: %zu\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 page.len);

	response_bytes = (size_t)n + page.len;
	if (response_bytes > sizeof(response))
		stop_with_error("the page is too large");
	memcpy(response + n, page.data, page.len);
}

/* --- bulk ------------------------------------------------------------------------------------ */

static void discard(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s[RUNS];
	enum err e;

	(void)arg;
	(void)events;
	(void)now_us;
	while ((e = flow_readv(f, s, RUNS)) == OK) {
		size_t bytes = 0;

		for (unsigned i = 0; i < RUNS && s[i].len > 0; i++)
			bytes += s[i].len;
		flow_consume(f, bytes);
	}
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

/* --- start ----------------------------------------------------------------------------------- */

static void listen_on(struct tcp *tcp, uint16_t port, flow_accept_fn *accept)
{
	if (tcp_listen(tcp, port, accept, NULL) != OK)
		stop_with_error("cannot listen on port %u", port);
}

void least_serve(struct tcp *tcp, uint16_t http_port, struct slice page)
{
	prepare(page);
	listen_on(tcp, http_port, accept_http);
	listen_on(tcp, DISCARD_PORT, accept_discard);
	listen_on(tcp, SOURCE_PORT, accept_source);
}
