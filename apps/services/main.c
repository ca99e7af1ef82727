/* SPDX-License-Identifier: ISC */
#include "apps/common/wiring.h"
#include "apps/services/pages.h"
#include "apps/services/services.h"
#include "hal/board.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"

#include <stdio.h>

#define LOG_MODULE "services"
#include "base/log.h"

/* A thousand connections in 16 MiB: what each may hold is small, what all may hold is bounded. */
static const struct tcp_config tcp_config = {
	.connections = 1024,
	.half_open = 512,
	.time_wait = 1024,
	.listeners = 4,
	.send_slices = 4096,
	.send_bytes = 128 * 1024,
	.recv_bytes = 64 * 1024,
	.recv_packets = 48,
};

static const struct wiring_config wiring_config = {
	.rx_packets = 1536,
	.tx_packets = 2048,
	.tx_bytes = 512,
	.tcp = &tcp_config,
};

static struct key_ipv4_port connect_to;

const struct key application_keys[] = {
	WIRING_KEYS,
	{.name = "connect",
	 .type = &key_ipv4_port,
	 .value = &connect_to,
	 .help = "connect out to this address and port and echo there"},
	{0},
};

static struct wiring wiring;
static struct udp udp;

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

static void connect_out(void)
{
	struct ip_addr to = ip_addr_from_v4(connect_to.addr);
	struct flow *f;
	enum err e = tcp_connect(wiring.stack.tcp, &to, connect_to.port, time_now_us(), &f);
	if (e != OK) {
		log_warn("connect to %s: %s", connect_text(), err_str(e));
		return;
	}
	f->event = connect_event;
}

static void start_http(void)
{
	struct http_config config = http_config_default;
	config.connections = tcp_config.connections;
	config.body_bytes_max = UINT64_MAX; /* the sink keeps nothing */
	void *memory =
		memory_take("HTTP connections", CACHE_LINE_BYTES, http_memory_bytes(&config));
	static struct task task;
	struct http *http = http_init(memory, &config, 0, time_now_us(), task_waker(&task));
	http_set_routes(http, services_routes);
	task_add(&task, "http", http_poll, http);
	check(tcp_listen(wiring.stack.tcp, 80, http_accept, http), "port 80");
}

static int run(void)
{
	wiring_start(&wiring, &wiring_config);
	check(udp_init(&udp, wiring.stack.ip, runtime_rng()), "udp");
	check(udp_services_open(&udp, &wiring.tx), "udp");
	check(tcp_listen(wiring.stack.tcp, PORT_ECHO, echo_accept, NULL), "port 7");
	check(tcp_listen(wiring.stack.tcp, PORT_DISCARD, discard_accept, NULL), "port 9");
	check(tcp_listen(wiring.stack.tcp, PORT_CHARGEN, chargen_accept, NULL), "port 19");
	start_http();
	if (connect_to.port != 0)
		connect_out();
	boot_ready();
	fiber_park_forever();
}

int unikernel_main(void)
{
	memory_start();
	loop_start(board_timer());
	fibers_main(run, 16 << 10);
}
