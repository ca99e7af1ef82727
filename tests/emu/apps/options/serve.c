/* SPDX-License-Identifier: ISC */
/*
 * Port 7 echoes with what the keys chose, port 8 with what a connection has by itself; port 9 reads
 * what comes, port 19 writes for ever, the byte at each offset that offset modulo 251. A request
 * for /connect connects to where the key says, to echo there.
 */
#include "net/http/http.h"
#include "net/metrics/metrics.h"
#include "net/tcp/tcp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { CHOSEN = 7, PLAIN, DISCARD, SOURCE = 19, PERIOD = 251, REPEATS = 256 };

static struct options {
	struct tcp *tcp;
	bool nagle;
	uint16_t keepalive_s, user_timeout_s;
	struct key_ipv4_port to;
} options;

static uint8_t pattern[PERIOD * REPEATS];

static void echo_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e;

	(void)arg;
	(void)events;
	(void)now_us;
	while ((e = flow_read(f, &s)) == OK) {
		ssize_t n = flow_write(f, &s, 1);
		if (n < 0) {
			e = (enum err)n;
			break;
		}
		flow_consume(f, (size_t)n);
	}
	if (e != ERR_AGAIN)
		flow_close(f);
}

static void echo_accept(void *arg, struct flow *f, uint64_t now_us)
{
	if (arg != NULL) {
		tcp_set_nodelay(f, !options.nagle);
		tcp_set_keepalive(f, options.keepalive_s);
		tcp_set_user_timeout(f, options.user_timeout_s);
	}
	f->event = echo_event;
	echo_event(f, arg, 0, now_us);
}

static void connect_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	if ((events & FLOW_CONNECTED) != 0)
		echo_accept(arg, f, now_us);
	else if ((events & FLOW_FAILED) != 0)
		flow_close(f);
}

static enum err connect_page(void *arg, struct http_conn *conn, const struct http_request *request,
			     struct http_response *response)
{
	const struct ip_addr address = ip_addr_from_v4(options.to.addr);
	struct flow *f;

	(void)arg;
	(void)conn;
	(void)request;
	enum err e = tcp_connect(options.tcp, &address, options.to.port, time_now_us(), &f);
	if (e == OK)
		f->event = connect_event;
	response->status = e == OK ? 204 : 503;
	return OK;
}

static void discard_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
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

static void discard_accept(void *arg, struct flow *f, uint64_t now_us)
{
	f->event = discard_event;
	discard_event(f, arg, 0, now_us);
}

/* Where it is in the pattern travels in the flow's arg. */
static void source_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	size_t at = (size_t)(uintptr_t)arg;
	ssize_t n;

	(void)events;
	(void)now_us;
	do {
		const struct slice s = SLICE_STATIC(pattern + at, sizeof(pattern) - at);
		n = flow_write(f, &s, 1);
		if (n > 0)
			at = (at + (size_t)n) % PERIOD;
	} while (n > 0);
	f->arg = (void *)(uintptr_t)at; /* NOLINT: a number, not an address */
	if (n != ERR_AGAIN)
		flow_close(f);
}

static void source_accept(void *arg, struct flow *f, uint64_t now_us)
{
	f->event = source_event;
	f->arg = NULL;
	source_event(f, arg, 0, now_us);
}

static void check(enum err e)
{
	if (e != OK)
		stop_with_error("TCP: %s", err_str(e));
}

int options_start(struct tcp *tcp, struct http *http, struct metrics *metrics, bool nagle,
		  uint16_t keepalive_s, uint16_t user_timeout_s, struct key_ipv4_port to)
{
	static struct http_route routes[3];

	options = (struct options){tcp, nagle, keepalive_s, user_timeout_s, to};
	for (unsigned i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i % PERIOD);
	routes[0] =
		(struct http_route){.path = "/metrics", .handler = metrics_handler, .arg = metrics};
	routes[1] = (struct http_route){.path = "/connect", .handler = connect_page};
	http_set_routes(http, routes);
	check(tcp_listen(tcp, CHOSEN, echo_accept, &options));
	check(tcp_listen(tcp, PLAIN, echo_accept, NULL));
	check(tcp_listen(tcp, DISCARD, discard_accept, NULL));
	check(tcp_listen(tcp, SOURCE, source_accept, NULL));
	boot_ready();
	fiber_park_forever();
}
