/* SPDX-License-Identifier: ISC */
#include "apps/common/wiring.h"

#include "hal/board.h"
#include "runtime/heap/heap.h"
#include "runtime/start.h"

enum { RX_BUFFER_BYTES = 2048 };

struct ipv4_prefix wiring_ipv4 = {.addr = 0x0a00020f, .bits = 24}; /* 10.0.2.15/24 */
uint32_t wiring_gateway = 0x0a000202;                              /* 10.0.2.2 */

static void make_pool(struct pkt_pool *pool, const char *what, uint32_t count, uint32_t buf_bytes)
{
	void *memory = memory_take(what, CACHE_LINE_BYTES, PKT_POOL_BYTES(count, buf_bytes));
	pkt_pool_init(pool, memory, count, buf_bytes);
}

static void check(enum err e, const char *what)
{
	if (e != OK)
		stop_with_error("%s: %s", what, err_str(e));
}

static uint64_t poll_net(void *self, uint64_t now_us)
{
	struct wiring *w = self;
	uint64_t due_us = TIME_NEVER;
	eth_poll_begin(&w->eth, now_us);
	due_us = time_earlier(due_us, tcp_poll(w->tcp, now_us));
	/* Last: TCP may have made work for it. */
	due_us = time_earlier(due_us, arp_poll(&w->arp, now_us));
	return eth_poll_end(&w->eth, now_us, due_us);
}

/* Before the application's fiber waits for the first time, so that the poll finds all of it. */
static void start_layers(struct wiring *w, const struct wiring_config *config, struct netif *netif,
			 struct rng *rng)
{
	task_add(&w->task, netif->name, poll_net, w);
	struct waker work = task_waker(&w->task);
	check(eth_start(&w->eth, netif, &w->tx, work), netif->name);
	check(arp_init(&w->arp, &w->eth, &w->tx), netif->name);
	check(ipv4_start(&w->ipv4, &w->eth, &w->arp, wiring_ipv4, wiring_gateway, time_now_us()),
	      netif->name);
	check(icmp_init(&w->icmp, &w->ipv4, &w->tx), netif->name);
	boot_mark("network");

	void *memory =
		memory_take("TCP connections", CACHE_LINE_BYTES, tcp_memory_bytes(config->tcp));
	check(tcp_init(&w->tcp, memory, config->tcp, &w->ipv4.ip, &w->tx, rng, work), "tcp");
	w->stack = (struct stack){.name = netif->name, .ip = &w->ipv4.ip, .tcp = w->tcp};
}

void wiring_start(struct wiring *w, const struct wiring_config *config)
{
	struct rng *rng = runtime_rng(); /* seeded before a stranger can reach us */
	make_pool(&w->rx, "receive buffers", config->rx_packets, RX_BUFFER_BYTES);
	make_pool(&w->tx, "transmit packets", config->tx_packets, config->tx_bytes);
	struct netif *netif = board_netif(0, &w->rx);
	if (netif == NULL)
		stop_with_error("there is no network device");
	start_layers(w, config, netif, rng);
}
