/* SPDX-License-Identifier: ISC */
#include "runtime/start.h"
#include "apps/services/pages.h"
#include "apps/services/services.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "unikernel.h"

#include <stdio.h>

#define LOG_MODULE "services"
#include "base/log.h"

static struct key_ipv4_port connect_to;

static void check(enum err e, const char *what)
{
	if (e != OK)
		stop_with_error("%s: %s", what, err_str(e));
}

static const char *connect_text(void)
{
	static char text[INET_ADDR_CHARS + 6];
	char address[INET_ADDR_CHARS];
	struct ip_addr to = ip_addr_from_v4(connect_to.addr);
	(void)snprintf(text, sizeof(text), "%s:%u", inet_format(&to, address), connect_to.port);
	return text;
}

/* The outgoing flow becomes an ordinary echo once it is established. */
static void connect_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	if ((events & FLOW_FAILED) != 0) {
		log_warn("connect to %s: %s", connect_text(), err_str(flow_error(f)));
		flow_close(f);
	} else if ((events & FLOW_CONNECTED) != 0) {
		log_info("connected to %s", connect_text());
		echo_accept(arg, f, now_us);
	}
}

static void connect_out(struct tcp *tcp)
{
	struct ip_addr to = ip_addr_from_v4(connect_to.addr);
	struct flow *f;
	enum err e = tcp_connect(tcp, &to, connect_to.port, time_now_us(), &f);
	if (e != OK) {
		log_warn("connect to %s: %s", connect_text(), err_str(e));
		return;
	}
	f->event = connect_event;
}

int services_start(struct tcp *tcp, struct udp *udp, struct pkt_pool *tx, struct http *http,
		   struct websocket *ws, struct metrics *metrics, struct capture *capture,
		   struct key_ipv4_port to)
{
	connect_to = to;
	check(udp_services_open(udp, tx), "udp");
	check(tcp_listen(tcp, PORT_ECHO, echo_accept, NULL), "port 7");
	check(tcp_listen(tcp, PORT_DISCARD, discard_accept, NULL), "port 9");
	check(tcp_listen(tcp, PORT_CHARGEN, chargen_accept, NULL), "port 19");
	pages_init(http, ws, metrics, capture);
	if (connect_to.port != 0)
		connect_out(tcp);
	boot_ready();
	fiber_park_forever();
}
