/* SPDX-License-Identifier: ISC */
#include "apps/common/wiring.h"

#include "hal/board.h"
#include "runtime/heap/heap.h"
#include "runtime/start.h"

enum { RX_BUFFER_BYTES = 2048 };

struct ipv4_prefix wiring_ipv4 = {.addr = 0x0a00020f, .bits = 24}; /* 10.0.2.15/24 */
uint32_t wiring_gateway = 0x0a000202;                              /* 10.0.2.2 */

void *wiring_memory(const char *what, size_t align, size_t bytes)
{
	void *p = heap_alloc_aligned(runtime_heap(), align, bytes);
	if (p == NULL)
		stop_with_error("too little memory: %s need %u KiB, %u KiB are free", what,
				(unsigned)(bytes / 1024),
				(unsigned)((heap_total_bytes(runtime_heap()) -
					    heap_used_bytes(runtime_heap())) /
					   1024));
	return p;
}

static void make_pool(struct pkt_pool *pool, const char *what, uint32_t count, uint32_t buf_bytes)
{
	void *memory = wiring_memory(what, CACHE_LINE_BYTES, PKT_POOL_BYTES(count, buf_bytes));
	pkt_pool_init(pool, memory, count, buf_bytes);
}

static void check(enum err e, const char *what)
{
	if (e != OK)
		stop_with_error("%s: %s", what, err_str(e));
}

static uint64_t poll_tcp(void *tcp, uint64_t now_us)
{
	return tcp_poll(tcp, now_us);
}

void wiring_start(struct wiring *w, const struct wiring_config *config)
{
	struct waker work;
	struct rng *rng = runtime_rng(); /* seeded before a stranger can reach us */
	make_pool(&w->rx, "receive buffers", config->rx_packets, RX_BUFFER_BYTES);
	make_pool(&w->tx, "transmit packets", config->tx_packets, config->tx_bytes);
	w->netif = board_netif(0, &w->rx);
	if (w->netif == NULL)
		stop_with_error("there is no network device");
	task_add(&w->task, "net", stack_poll, &w->stack);
	work = task_waker(&w->task);
	check(stack_start(&w->stack, w->netif, &w->tx, wiring_ipv4, wiring_gateway, work,
			  time_now_us()),
	      w->netif->name);
	boot_mark("network");

	void *memory =
		wiring_memory("TCP connections", CACHE_LINE_BYTES, tcp_memory_bytes(config->tcp));
	check(tcp_init(&w->tcp, memory, config->tcp, &w->stack.ipv4.ip, &w->tx, rng, work), "tcp");
	check(stack_add_poller(&w->stack, poll_tcp, w->tcp), "tcp");
}
