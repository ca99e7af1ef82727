/* SPDX-License-Identifier: ISC */
/*
 * A whole IPv6 stack over a fake interface, with pools of its own and a clock that tests move: what
 * net_rig is for IPv4. At the end it asserts that every packet came back.
 */
#ifndef TESTS_FAKES_IPV6_RIG_H
#define TESTS_FAKES_IPV6_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/pkt.h"
#include "net/eth/eth.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ipv6/ipv6.h"
#include "net/ndp/ndp.h"
#include "tests/fakes/frames6.h"
#include "tests/fakes/netif_fake.h"
#include "tests/fakes/rng_fake.h"

#define RIG6_ADDR   "fd00::2" /* /64 */
#define RIG6_PEER   "fd00::7"
#define RIG6_ROUTER "fe80::1"
#define RIG6_FAR    "2001:db8::1" /* behind the router */
#define RIG6_OTHER  "fe80::99"    /* another router */

enum {
	RIG6_PACKETS = 256,
	RIG6_BUF_BYTES = 2048,
	RIG6_POOL_BYTES = PKT_POOL_BYTES(RIG6_PACKETS, RIG6_BUF_BYTES),
};

extern const uint8_t rig6_peer_mac[6], rig6_router_mac[6], rig6_other_mac[6];

struct ipv6_rig {
	_Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[RIG6_POOL_BYTES];
	_Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[RIG6_POOL_BYTES];
	struct pkt_pool rx, tx;
	struct netif_fake fake;
	struct eth eth;
	struct ndp ndp;
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	/* A transport that is polled as TCP is, or NULL: what stands for it, given itself. */
	uint64_t (*transport)(void *self, uint64_t now_us);
	void *transport_self;
	struct rng_counter random;
	uint64_t now_us;
	uint64_t deadline_us; /* what the last poll answered */
	unsigned wakes;
	uint8_t frame[FRAME_MAX]; /* what is injected or was taken */
	size_t len;               /* of what was taken */
};

/* Pools and interface only. */
void ipv6_rig_init(struct ipv6_rig *rig, uint32_t features);

/* Starts the layers with these texts ("" or NULL: none); the error of the first that does not. */
MUST_USE enum err ipv6_rig_try_start(struct ipv6_rig *rig, const char *prefix, const char *gateway,
				     const char *secret);

/* With addresses from routers: takes what is sent at the start away once the first is assigned. */
void ipv6_rig_setup(struct ipv6_rig *rig, uint32_t features);

/* The same with the static address fd00::2/64 behind fe80::1. */
void ipv6_rig_setup_static(struct ipv6_rig *rig, uint32_t features);

/* Frees what is queued anywhere and asserts that no packet is missing. */
void ipv6_rig_fini(struct ipv6_rig *rig);

/* Moves the clock and polls, as often as the stack wants to be called at once. */
void ipv6_rig_poll_at(struct ipv6_rig *rig, uint64_t now_us);

/* The same, step by step: polls at each deadline on the way. */
void ipv6_rig_run_until(struct ipv6_rig *rig, uint64_t now_us);

/* rig->frame arrives and is handled. */
void ipv6_rig_receive(struct ipv6_rig *rig, size_t len);

/* Takes the oldest sent frame into rig->frame: its length, or 0. */
size_t ipv6_rig_sent(struct ipv6_rig *rig);

/* Throws away all that was sent. */
void ipv6_rig_forget_sent(struct ipv6_rig *rig);

/* From the neighbour fd00::7 to us; from the router to all nodes. */
struct frame_ipv6 ipv6_rig_from_peer(const struct ipv6_rig *rig);
struct frame_ipv6 ipv6_rig_from_router(const struct ipv6_rig *rig);

/* The neighbour asks for our address `target`, and so becomes known. The answer is taken away. */
void ipv6_rig_know(struct ipv6_rig *rig, const struct ip_addr *addr, const uint8_t mac[6],
		   const struct ip_addr *target);

/* The router advertises itself for `lifetime_s` with these options. */
void ipv6_rig_advertise(struct ipv6_rig *rig, uint16_t lifetime_s, const void *options, size_t len);

/* A packet of the tx pool with `len` bytes of pattern as payload. */
struct pkt *ipv6_rig_packet(struct ipv6_rig *rig, size_t len);

#endif
