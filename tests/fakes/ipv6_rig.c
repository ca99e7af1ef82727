/* SPDX-License-Identifier: ISC */
#include "tests/fakes/ipv6_rig.h"

#include <string.h>

#include "base/assert.h"

const uint8_t rig6_peer_mac[6] = {2, 0, 0, 0, 0, 7};
const uint8_t rig6_router_mac[6] = {2, 0, 0, 0, 0, 1};
const uint8_t rig6_other_mac[6] = {2, 0, 0, 0, 0, 0x99};

static void count_wake(void *arg)
{
	unsigned *wakes = arg;
	++*wakes;
}

void ipv6_rig_init(struct ipv6_rig *rig, uint32_t features)
{
	memset(rig, 0, sizeof(*rig));
	rig->random = rng_counter();
	pkt_pool_init(&rig->rx, rig->rx_memory, RIG6_PACKETS, RIG6_BUF_BYTES);
	pkt_pool_init(&rig->tx, rig->tx_memory, RIG6_PACKETS, RIG6_BUF_BYTES);
	netif_fake_init(&rig->fake, "net0", 1, &rig->rx, features);
	rig->now_us = 10 * US_PER_S;
}

enum err ipv6_rig_try_start(struct ipv6_rig *rig, const char *prefix, const char *gateway,
			    const char *secret)
{
	const struct waker work = {.wake = count_wake, .arg = &rig->wakes};
	struct ndp_config config = {.secret = secret != NULL ? secret : ""};
	enum err e = OK;
	if (prefix != NULL)
		e = inet_parse_v6_prefix(prefix, &config.address);
	assert(e == OK);
	if (gateway != NULL)
		config.gateway = ip6(gateway);
	eth_start(&rig->eth, &rig->fake.netif, &rig->tx, work);
	e = ndp_start(&rig->ndp, &rig->eth, &rig->tx, &rig->random.rng, &config, rig->now_us);
	if (e == OK)
		e = ipv6_start(&rig->ipv6, &rig->eth, &rig->ndp);
	if (e == OK)
		e = icmpv6_init(&rig->icmpv6, &rig->ipv6, &rig->tx);
	return e;
}

static void setup(struct ipv6_rig *rig, uint32_t features, const char *prefix, const char *gateway)
{
	ipv6_rig_init(rig, features);
	enum err e = ipv6_rig_try_start(rig, prefix, gateway, "a secret");
	assert(e == OK);
	ipv6_rig_run_until(rig, rig->now_us + NDP_RETRANS_US);
	ipv6_rig_forget_sent(rig);
	rig->fake.flushes = 0;
}

void ipv6_rig_setup(struct ipv6_rig *rig, uint32_t features)
{
	setup(rig, features, NULL, NULL);
}

void ipv6_rig_setup_static(struct ipv6_rig *rig, uint32_t features)
{
	setup(rig, features, RIG6_ADDR "/64", RIG6_ROUTER);
}

void ipv6_rig_fini(struct ipv6_rig *rig)
{
	if (rig->ndp.eth != NULL) /* it has come so far */
		neighbours_clear(&rig->ndp.neighbours);
	netif_fake_fini(&rig->fake);
	assert(rig->rx.pool.used == 0);
	assert(rig->tx.pool.used == 0);
}

void ipv6_rig_poll_at(struct ipv6_rig *rig, uint64_t now_us)
{
	unsigned rounds = 0;
	rig->now_us = now_us;
	do {
		assert(rounds++ < 100);
		uint64_t due_us = TIME_NEVER;
		eth_poll_begin(&rig->eth, now_us);
		if (rig->transport != NULL)
			due_us = rig->transport(rig->transport_self, now_us);
		due_us = time_earlier(due_us, ndp_poll(&rig->ndp, now_us));
		rig->deadline_us = eth_poll_end(&rig->eth, now_us, due_us);
	} while (rig->deadline_us <= now_us);
}

void ipv6_rig_run_until(struct ipv6_rig *rig, uint64_t now_us)
{
	unsigned steps = 0;
	ipv6_rig_poll_at(rig, rig->now_us);
	while (rig->deadline_us < now_us) {
		assert(steps++ < 10000);
		ipv6_rig_poll_at(rig, rig->deadline_us);
	}
	ipv6_rig_poll_at(rig, now_us);
}

void ipv6_rig_receive(struct ipv6_rig *rig, size_t len)
{
	bool arrived = netif_fake_inject(&rig->fake, rig->frame, len);
	assert(arrived);
	ipv6_rig_poll_at(rig, rig->now_us);
}

size_t ipv6_rig_sent(struct ipv6_rig *rig)
{
	rig->len = netif_fake_take_bytes(&rig->fake, rig->frame, sizeof(rig->frame));
	return rig->len;
}

void ipv6_rig_forget_sent(struct ipv6_rig *rig)
{
	while (ipv6_rig_sent(rig) > 0)
		continue;
}

struct frame_ipv6 ipv6_rig_from_peer(const struct ipv6_rig *rig)
{
	return (struct frame_ipv6){
		.eth_dst = rig->fake.netif.mac,
		.eth_src = rig6_peer_mac,
		.src = ip6(RIG6_PEER),
		.dst = ip6(RIG6_ADDR),
	};
}

struct frame_ipv6 ipv6_rig_from_router(const struct ipv6_rig *rig)
{
	(void)rig;
	return (struct frame_ipv6){
		.eth_src = rig6_router_mac,
		.src = ip6(RIG6_ROUTER),
		.dst = ip6("ff02::1"),
	};
}

void ipv6_rig_know(struct ipv6_rig *rig, const struct ip_addr *addr, const uint8_t mac[6],
		   const struct ip_addr *target)
{
	const struct frame_ipv6 ip = {
		.eth_dst = rig->fake.netif.mac, .eth_src = mac, .src = *addr, .dst = *target};
	uint8_t msg[32] = {135};
	memcpy(msg + 8, target, 16);
	size_t len = 24 + nd_mac(msg + 24, 1, mac);
	ipv6_rig_receive(rig, frame_icmpv6(rig->frame, &ip, msg, len));
	size_t answer = ipv6_rig_sent(rig);
	assert(answer == FRAME6_L4 + 32);
}

void ipv6_rig_advertise(struct ipv6_rig *rig, uint16_t lifetime_s, const void *options, size_t len)
{
	const struct frame_ipv6 ip = ipv6_rig_from_router(rig);
	uint8_t msg[FRAME_MAX] = {
		134, 0, 0, 0, 0, 0, (uint8_t)(lifetime_s >> 8), (uint8_t)lifetime_s};
	if (len > 0)
		memcpy(msg + 16, options, len);
	ipv6_rig_receive(rig, frame_icmpv6(rig->frame, &ip, msg, 16 + len));
}

struct pkt *ipv6_rig_packet(struct ipv6_rig *rig, size_t len)
{
	struct pkt *p = pkt_alloc(&rig->tx, PKT_HEADROOM);
	assert(p != NULL);
	frame_pattern(pkt_append(p, (uint32_t)len), len);
	return p;
}
