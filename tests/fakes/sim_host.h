/* SPDX-License-Identifier: ISC */
/*
 * A host on a simulated link: a whole stack from Ethernet to TCP and UDP, wired as in an image
 * (tests/fakes/net_rig.h), as a task of a struct link_sim. IPv6 may stand beside IPv4, and TCP and
 * UDP over both then; an HTTP server may stand on top.
 *
 * A host is large; make it static. It may be started again and again.
 */
#ifndef TESTS_FAKES_SIM_HOST_H
#define TESTS_FAKES_SIM_HOST_H

#include <stdint.h>

#include "net/http/http.h"
#include "net/icmpv6/icmpv6.h"
#include "net/ipv6/ipv6.h"
#include "net/multihome/multihome.h"
#include "net/ndp/ndp.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "tests/fakes/link_sim.h"
#include "tests/fakes/net_rig.h"

enum { SIM_HOST_TCP_BYTES = 1 << 20, SIM_HOST_HTTP_BYTES = 1 << 20 };

struct sim_host {
	struct net_rig rig;
	struct ndp ndp; /* this and what follows with IPv6 */
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	struct multihome both;
	struct ip *ip; /* below the transports */
	bool has_v6;
	struct udp udp;
	struct tcp *tcp;
	struct http *http; /* NULL: none */
	/* What else stands on top, polled before all others and given itself, or NULL. */
	uint64_t (*users)(void *self, uint64_t now_us);
	void *users_self;
	struct waker work; /* has the host polled */
	bool surprised;    /* set after the start: TCP predicts no segment (net/tcp/predict.c) */
	_Alignas(CACHE_LINE_BYTES) uint8_t tcp_memory[SIM_HOST_TCP_BYTES];
	_Alignas(CACHE_LINE_BYTES) uint8_t http_memory[SIM_HOST_HTTP_BYTES];
};

struct sim_host_config {
	uint32_t addr; /* of a /24 without a gateway, or …; 0: from DHCP */
	uint32_t gateway;
	uint32_t features; /* enum netif_feature */
	uint16_t mtu;      /* 0: 1500 */
	uint32_t packets;  /* of each pool; 0: RIG_PACKETS */
	const struct tcp_config *tcp;
	const struct ndp_config *v6; /* NULL: no IPv6 */
};

/* Pools and interface; the interface can be joined to a link then. */
void sim_host_init(struct sim_host *h, const struct sim_host_config *config);

/* Starts all layers at the simulator's time and adds the host to it. Asserts that they start. */
void sim_host_start(struct sim_host *h, const struct sim_host_config *config, struct link_sim *sim);

/* An HTTP server on `port`. */
void sim_host_serve(struct sim_host *h, const struct http_config *config,
		    const struct http_route *routes, uint16_t port);

/*
 * What a host still holds after all has been closed and every time limit has passed, in words, or
 * NULL: connections, half-open ones, TIME-WAIT, send slices, timers, packets.
 */
const char *sim_host_leak(const struct sim_host *h);

#endif
