/* SPDX-License-Identifier: ISC */
/*
 * The wiring that the network applications share while their main.c is written by hand: packet
 * pools, one IPv4 stack with TCP over the board's first network interface, as a task of the loop.
 *
 * Sizes come from the application; the memory is taken from the heap once, at the start.
 */
#ifndef APPS_COMMON_WIRING_H
#define APPS_COMMON_WIRING_H

#include "base/pkt.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4.h"
#include "net/stack/stack.h"
#include "net/tcp/tcp.h"
#include "runtime/args.h"
#include "runtime/loop/loop.h"

struct wiring_config {
	uint32_t rx_packets; /* receive buffers of 2 KiB: what all peers together can fill */
	uint32_t tx_packets; /* for headers and copied bytes to send */
	uint32_t tx_bytes;   /* of each of those */
	const struct tcp_config *tcp;
};

struct wiring {
	struct pkt_pool rx, tx;
	struct eth eth;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	struct tcp *tcp;
	struct task task;
	struct stack stack; /* what the application uses of it */
};

/* The values of --ipv4 and --gateway: of QEMU's user networking unless given. */
extern struct ipv4_prefix wiring_ipv4;
extern uint32_t wiring_gateway;

#define WIRING_KEYS                                                                                \
	{.name = "ipv4",                                                                           \
	 .type = &key_ipv4_prefix,                                                                 \
	 .value = &wiring_ipv4,                                                                    \
	 .help = "address of this machine and length of its network's prefix"},                    \
	{                                                                                          \
		.name = "gateway", .type = &key_ipv4, .value = &wiring_gateway,                    \
		.help = "router to other networks, 0.0.0.0 for none"                               \
	}

/* Brings everything up. Stops the image with a line that says what is missing. */
void wiring_start(struct wiring *w, const struct wiring_config *config);

#endif
