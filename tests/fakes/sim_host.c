/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sim_host.h"

#include <string.h>

#include "base/assert.h"
#include "net/tcp/tcp_internal.h"

static void count_wake(void *arg)
{
	++*(unsigned *)arg;
}

/* What stands over the network layer, users first, as the configuration compiler has it. */
static uint64_t poll_transports(void *self, uint64_t now_us)
{
	struct sim_host *h = self;
	uint64_t due_us = TIME_NEVER;
	if (h->users != NULL)
		due_us = h->users(h->users_self, now_us);
	if (h->http != NULL)
		due_us = time_earlier(due_us, http_poll(h->http, now_us));
	due_us = time_earlier(due_us, tcp_poll(h->tcp, now_us));
	return h->has_v6 ? time_earlier(due_us, ndp_poll(&h->ndp, now_us)) : due_us;
}

/* Until the end of the poll all segments go the complete way. */
static void surprise_tcp(struct tcp *tcp)
{
	for (uint32_t i = 0; i <= tcp->table_mask; i++) {
		for (struct tcp_endpoint *ep = tcp->table[i]; ep != NULL; ep = ep->next) {
			if (ep->kind == TCP_CONN)
				conn_of(ep)->plain = false;
		}
	}
}

static uint64_t poll_host(void *self, uint64_t now_us)
{
	struct sim_host *h = self;
	h->rig.now_us = now_us;
	if (h->surprised)
		surprise_tcp(h->tcp);
	return net_rig_poll(&h->rig, now_us);
}

void sim_host_init(struct sim_host *h, const struct sim_host_config *config)
{
	net_rig_init(&h->rig, config->features);
	h->rig.fake.netif.mac[5] = (uint8_t)config->addr;
	if (config->packets != 0) {
		pkt_pool_init(&h->rig.rx, h->rig.rx_memory, config->packets, RIG_BUF_BYTES);
		pkt_pool_init(&h->rig.tx, h->rig.tx_memory, config->packets, RIG_BUF_BYTES);
	}
	if (config->mtu != 0)
		h->rig.fake.netif.mtu = config->mtu;
	if ((config->features & NETIF_COALESCE) != 0) {
		h->rig.fake.rx_runs = true;
		h->rig.fake.rx_first_max = RIG_BUF_BYTES - PKT_HEADROOM;
		h->rig.fake.rx_chunk_max = RIG_BUF_BYTES;
	}
	h->rig.random.next = (uint8_t)(config->addr * 37);
	h->work = (struct waker){.wake = count_wake, .arg = &h->rig.wakes};
	h->http = NULL;
	h->users = NULL;
	h->tcp = NULL;
	h->surprised = false;
	h->has_v6 = false;
	h->ip = &h->rig.ipv4.ip;
}

static enum err start_v6(struct sim_host *h, const struct ndp_config *config)
{
	struct ip *const members[] = {&h->rig.ipv4.ip, &h->ipv6.ip};
	enum err e = ndp_start(&h->ndp, &h->rig.eth, &h->rig.tx, &h->rig.random.rng, config,
			       h->rig.now_us);
	if (e == OK)
		e = ipv6_start(&h->ipv6, &h->rig.eth, &h->ndp);
	if (e == OK)
		e = icmpv6_init(&h->icmpv6, &h->ipv6, &h->rig.tx);
	multihome_init(&h->both, members, ARRAY_SIZE(members));
	h->ip = &h->both.ip;
	h->has_v6 = true;
	return e;
}

void sim_host_start(struct sim_host *h, const struct sim_host_config *config, struct link_sim *sim)
{
	assert(tcp_memory_bytes(config->tcp) <= sizeof(h->tcp_memory));
	h->rig.now_us = sim->now_us;
	enum err e = net_rig_try_start(&h->rig, config->addr, config->addr != 0 ? 24 : 0,
				       config->gateway);
	if (e == OK && config->v6 != NULL)
		e = start_v6(h, config->v6);
	if (e == OK)
		e = udp_init(&h->udp, h->ip, &h->rig.random.rng);
	if (e == OK)
		e = tcp_init(&h->tcp, h->tcp_memory, config->tcp, h->ip, &h->rig.tx,
			     &h->rig.random.rng, h->work);
	assert(e == OK);
	h->rig.transport = poll_transports;
	h->rig.transport_self = h;
	link_sim_add(sim, poll_host, h, &h->rig.wakes);
}

void sim_host_serve(struct sim_host *h, const struct http_config *config,
		    const struct http_route *routes, uint16_t port)
{
	assert(http_memory_bytes(config) <= sizeof(h->http_memory));
	h->http = http_init(h->http_memory, config, NULL, h->rig.now_us, h->work);
	http_set_routes(h->http, routes);
	enum err e = tcp_listen(h->tcp, port, http_accept, h->http);
	assert(e == OK);
}

const char *sim_host_leak(const struct sim_host *h)
{
	const struct tcp *tcp = h->tcp;
	if (tcp->half_opens.used != 0)
		return "a half-open connection is left";
	if (tcp_connections(tcp) != 0)
		return "a connection is left";
	if (tcp->time_waits.used != 0)
		return "a TIME-WAIT entry is left";
	if (tcp->slices.used != 0)
		return "a send slice is left";
	if (tcp->repairs.used != 0 || tcp->boards.used != 0)
		return "memory for a loss is left";
	if (tcp->waiting_used != 0 || !list_empty(&tcp->waiting))
		return "a SYN waits";
	if (tcp->grown != 0)
		return "a window that has grown was not given back";
	if (tcp->held != 0)
		return "TCP counts a packet that it holds";
	if (tcp->heap_used != 0)
		return "a timer of TCP is left";
	if (!list_empty(&tcp->pending) || !list_empty(&tcp->ready) || !list_empty(&tcp->starved))
		return "a queue of TCP is not empty";
	if (h->rig.rx.pool.used != 0)
		return "a packet of the rx pool is missing";
	if (h->rig.tx.pool.used != 0)
		return "a packet of the tx pool is missing";
	return NULL;
}
