/* SPDX-License-Identifier: ISC */
/*
 * A whole IPv4 stack over a fake interface, with pools of its own and a clock that tests move: the
 * bench on which the network layers are tested, wired as in an image. At the end it asserts that
 * every packet came back.
 */
#ifndef TESTS_FAKES_NET_RIG_H
#define TESTS_FAKES_NET_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/pkt.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/netif_fake.h"
#include "tests/fakes/rng_fake.h"

#define RIG_ADDR    UINT32_C(0x0a00020f) /* 10.0.2.15/24 */
#define RIG_GATEWAY UINT32_C(0x0a000202)
#define RIG_PEER    UINT32_C(0x0a000207) /* a neighbour */
#define RIG_FAR     UINT32_C(0xc6336401) /* 198.51.100.1, behind the gateway */

enum {
#ifdef RIG_SMALLEST /* what the smallest images have (tests/unit/smallest) */
	RIG_PACKETS = RIG_SMALLEST,
#else
	RIG_PACKETS = 256,
#endif
	RIG_BUF_BYTES = 2048,
	RIG_POOL_BYTES = PKT_POOL_BYTES(RIG_PACKETS, RIG_BUF_BYTES),
};

extern const uint8_t rig_peer_mac[6], rig_gateway_mac[6], rig_other_mac[6], rig_everybody[6];

struct net_rig {
	_Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[RIG_POOL_BYTES];
	_Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[RIG_POOL_BYTES];
	struct pkt_pool rx, tx;
	struct netif_fake fake;
	struct eth eth;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	/* A transport that is polled as TCP is, or NULL: what stands for it, given itself. */
	uint64_t (*transport)(void *self, uint64_t now_us);
	void *transport_self;
	struct rng_counter random;
	uint64_t now_us;
	uint64_t deadline_us; /* what the last poll answered */
	unsigned wakes;
	uint8_t frame[FRAME_MAX]; /* what is injected or was taken */
};

/* Pools and interface only. */
void net_rig_init(struct net_rig *rig, uint32_t features);

/* Starts the layers, in their order; the error of the first that does not. Wakes count in wakes. */
MUST_USE enum err net_rig_try_start(struct net_rig *rig, uint32_t addr, uint8_t prefix_bits,
				    uint32_t gateway);

/* The same without an error, and takes the announcements away. The clock stands at 10 s. */
void net_rig_start(struct net_rig *rig, uint32_t addr, uint8_t prefix_bits, uint32_t gateway);

/* Both, as 10.0.2.15/24 behind 10.0.2.2. */
void net_rig_setup(struct net_rig *rig, uint32_t features);

/* Frees what is queued anywhere and asserts that no packet is missing. */
void net_rig_fini(struct net_rig *rig);

/* The poll of the interface's task, once. */
uint64_t net_rig_poll(struct net_rig *rig, uint64_t now_us);

/* Moves the clock and polls, as often as the stack wants to be called at once. */
void net_rig_poll_at(struct net_rig *rig, uint64_t now_us);

/* rig->frame arrives and is handled. */
void net_rig_receive(struct net_rig *rig, size_t len);

/* Takes the oldest sent frame into rig->frame: its length, or 0. */
size_t net_rig_sent(struct net_rig *rig);

/* A neighbour asks for our address, and so becomes known. The answer is taken away. */
void net_rig_know(struct net_rig *rig, uint32_t addr, const uint8_t mac[6]);

/* From the neighbour 10.0.2.7 to us. */
struct frame_ipv4 net_rig_from_peer(const struct net_rig *rig);

/* A packet of the tx pool with `len` bytes of pattern as payload. */
struct pkt *net_rig_packet(struct net_rig *rig, size_t len);

#endif
