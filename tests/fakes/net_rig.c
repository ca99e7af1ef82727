/* SPDX-License-Identifier: ISC */
#include "tests/fakes/net_rig.h"

#include <string.h>

#include "base/assert.h"

const uint8_t rig_peer_mac[6] = {2, 0, 0, 0, 0, 7};
const uint8_t rig_gateway_mac[6] = {2, 0, 0, 0, 0, 2};
const uint8_t rig_other_mac[6] = {2, 0, 0, 0, 0, 0x99};
const uint8_t rig_everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static void count_wake(void *arg)
{
	unsigned *wakes = arg;
	++*wakes;
}

void net_rig_init(struct net_rig *rig, uint32_t features)
{
	memset(rig, 0, sizeof(*rig));
	rig->random = rng_counter();
	pkt_pool_init(&rig->rx, rig->rx_memory, RIG_PACKETS, RIG_BUF_BYTES);
	pkt_pool_init(&rig->tx, rig->tx_memory, RIG_PACKETS, RIG_BUF_BYTES);
	netif_fake_init(&rig->fake, "net0", 1, &rig->rx, features);
	rig->now_us = 10 * US_PER_S;
}

enum err net_rig_try_start(struct net_rig *rig, uint32_t addr, uint8_t prefix_bits,
			   uint32_t gateway)
{
	const struct waker work = {.wake = count_wake, .arg = &rig->wakes};
	const struct ipv4_prefix prefix = {.addr = addr, .bits = prefix_bits};
	eth_start(&rig->eth, &rig->fake.netif, &rig->tx, work);
	enum err e = arp_init(&rig->arp, &rig->eth, &rig->tx);
	if (e == OK)
		e = ipv4_start(&rig->ipv4, &rig->eth, &rig->arp, prefix, gateway, rig->now_us);
	if (e == OK)
		e = icmp_init(&rig->icmp, &rig->ipv4, &rig->tx);
	return e;
}

void net_rig_start(struct net_rig *rig, uint32_t addr, uint8_t prefix_bits, uint32_t gateway)
{
	enum err e = net_rig_try_start(rig, addr, prefix_bits, gateway);
	assert(e == OK);
	net_rig_poll_at(rig, rig->now_us + ARP_ANNOUNCE_US);
	if (rig->fake.peer != NULL)
		return;
	while (net_rig_sent(rig) > 0)
		continue;
	rig->fake.flushes = 0;
}

void net_rig_setup(struct net_rig *rig, uint32_t features)
{
	net_rig_init(rig, features);
	net_rig_start(rig, RIG_ADDR, 24, RIG_GATEWAY);
}

void net_rig_fini(struct net_rig *rig)
{
	netif_fake_fini(&rig->fake);
	for (unsigned i = 0; i < ARP_ENTRIES; i++) {
		struct list *node;
		while ((node = list_pop_front(&rig->arp.neighbours.entry[i].waiting)) != NULL)
			pkt_put(list_entry(node, struct pkt, node));
	}
	assert(rig->rx.pool.used == 0);
	assert(rig->tx.pool.used == 0);
}

uint64_t net_rig_poll(struct net_rig *rig, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;
	eth_poll_begin(&rig->eth, now_us);
	if (rig->transport != NULL)
		due_us = time_earlier(due_us, rig->transport(rig->transport_self, now_us));
	due_us = time_earlier(due_us, arp_poll(&rig->arp, now_us));
	return eth_poll_end(&rig->eth, now_us, due_us);
}

void net_rig_poll_at(struct net_rig *rig, uint64_t now_us)
{
	unsigned rounds = 0;
	rig->now_us = now_us;
	do {
		assert(rounds++ < 100);
		rig->deadline_us = net_rig_poll(rig, now_us);
	} while (rig->deadline_us <= now_us);
}

void net_rig_receive(struct net_rig *rig, size_t len)
{
	bool arrived = netif_fake_inject(&rig->fake, rig->frame, len);
	assert(arrived);
	net_rig_poll_at(rig, rig->now_us);
}

size_t net_rig_sent(struct net_rig *rig)
{
	return netif_fake_take_bytes(&rig->fake, rig->frame, sizeof(rig->frame));
}

void net_rig_know(struct net_rig *rig, uint32_t addr, const uint8_t mac[6])
{
	const struct frame_arp request = {
		.mac = mac, .op = 1, .sender = addr, .target = rig->ipv4.addr};
	net_rig_receive(rig, frame_arp(rig->frame, &request));
	size_t answer = net_rig_sent(rig);
	assert(answer == FRAME_ETH + 28);
}

struct frame_ipv4 net_rig_from_peer(const struct net_rig *rig)
{
	return (struct frame_ipv4){
		.eth_dst = rig->fake.netif.mac,
		.eth_src = rig_peer_mac,
		.src = RIG_PEER,
		.dst = rig->ipv4.addr,
	};
}

struct pkt *net_rig_packet(struct net_rig *rig, size_t len)
{
	struct pkt *p = pkt_alloc(&rig->tx, PKT_HEADROOM);
	assert(p != NULL);
	frame_pattern(pkt_append(p, (uint32_t)len), len);
	return p;
}
