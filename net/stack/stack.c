/* SPDX-License-Identifier: ISC */
#include "net/stack/stack.h"

#define LOG_MODULE "net"
#include "base/log.h"

static void log_start(const struct netif *netif, struct ipv4_prefix address, uint32_t gateway)
{
	const uint8_t *mac = netif->mac;
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	log_info("%s: %s/%u gateway %s mac %02x:%02x:%02x:%02x:%02x:%02x mtu %u", netif->name,
		 inet_format_v4(address.addr, addr), (unsigned)address.bits,
		 gateway != 0 ? inet_format_v4(gateway, way) : "none", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5], (unsigned)netif->mtu);
}

static enum err start_layers(struct stack *stack, struct pkt_pool *tx, struct ipv4_prefix address,
			     uint32_t gateway, struct waker work)
{
	eth_init(&stack->eth, stack->netif, tx, work);
	enum err e = arp_init(&stack->arp, &stack->eth, tx, address);
	if (e == OK)
		e = ipv4_init(&stack->ipv4, &stack->eth, &stack->arp, address, gateway);
	if (e == OK)
		e = icmp_init(&stack->icmp, &stack->ipv4, tx);
	return e;
}

enum err stack_start(struct stack *stack, struct netif *netif, struct pkt_pool *tx,
		     struct ipv4_prefix address, uint32_t gateway, struct waker work,
		     uint64_t now_us)
{
	*stack = (struct stack){.netif = netif};
	enum err e = start_layers(stack, tx, address, gateway, work);
	if (e != OK) {
		log_error("%s: the address or its gateway is none that a host can have",
			  netif->name);
		return e;
	}
	netif->rx = work;
	netif->tx = work;
	e = netif_start(netif);
	if (e != OK)
		return e;
	if (netif->mtu < IPV4_MTU_MIN) {
		log_error("%s: an MTU of %u is too small for IPv4", netif->name,
			  (unsigned)netif->mtu);
		netif_stop(netif);
		return ERR_UNSUPPORTED;
	}
	log_start(netif, address, gateway);
	eth_batch_begin(&stack->eth);
	arp_announce(&stack->arp, now_us);
	eth_batch_end(&stack->eth);
	return OK;
}

enum err stack_add_poller(struct stack *stack, uint64_t (*poll)(void *self, uint64_t now_us),
			  void *self)
{
	if (stack->n_pollers == STACK_POLLERS_MAX)
		return ERR_NOMEM;
	stack->poller[stack->n_pollers++] =
		(struct stack_poller){.poll = poll, .self = self, .deadline_us = TIME_NEVER};
	return OK;
}

/* Hands up to STACK_BATCH received frames up; true if there were so many that more may wait. */
static bool receive(struct stack *stack, uint64_t now_us)
{
	for (unsigned n = 0; n < STACK_BATCH; n++) {
		struct pkt *p = netif_recv(stack->netif);
		if (p == NULL)
			return false;
		eth_input(&stack->eth, now_us, p);
	}
	return true;
}

uint64_t stack_poll(void *self, uint64_t now_us)
{
	struct stack *stack = self;
	eth_batch_begin(&stack->eth);
	bool more = receive(stack, now_us);
	uint64_t deadline_us = arp_poll(&stack->arp, now_us);
	for (unsigned i = 0; i < stack->n_pollers; i++) {
		struct stack_poller *poller = &stack->poller[i];
		poller->deadline_us = poller->poll(poller->self, now_us);
		deadline_us = MIN(deadline_us, poller->deadline_us);
	}
	/* A poller may have made ARP work: its deadline counts as it is now. */
	deadline_us = MIN(deadline_us, stack->arp.deadline_us);
	eth_batch_end(&stack->eth);
	if (more || netif_rx_arm(stack->netif))
		return now_us;
	return deadline_us;
}
