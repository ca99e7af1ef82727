/* SPDX-License-Identifier: ISC */
/*
 * An IPv4 stack over one network interface: Ethernet, ARP, IPv4, ICMP, and whichever of UDP and TCP
 * the caller adds.
 *
 * It is itself a state machine: stack_poll() takes received frames in batches, hands them up, lets
 * the transports send, flushes the interface, and says when it wants to be called again. The caller
 * makes it a task of the event loop (runtime/loop/loop.h: the signature fits) and points the wakers
 * at it. Transports are added as pollers, so that an image without TCP links none.
 */
#ifndef NET_STACK_STACK_H
#define NET_STACK_STACK_H

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "hal/netif.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4.h"

enum {
	STACK_POLLERS_MAX = 4,
	/* Frames taken in one poll before the transports may send: bounds latency and memory. */
	STACK_BATCH = 64,
};

struct stack_poller {
	uint64_t (*poll)(void *self, uint64_t now_us);
	void *self;
	uint64_t deadline_us;
};

struct stack {
	struct netif *netif;
	struct eth eth;
	struct arp arp;
	struct ipv4 ipv4;
	struct icmp icmp;
	struct stack_poller poller[STACK_POLLERS_MAX];
	unsigned n_pollers;
};

/*
 * Builds the layers over `netif`, sets its wakers to `work`, and starts it. `tx` supplies the
 * packets that the stack itself builds (ARP, ICMP). `gateway` is 0 for none. Announces the address
 * by ARP. The error of netif_start(), ERR_INVALID for an address that no host can have or a gateway
 * that is not on the link (ipv4_init()), or ERR_UNSUPPORTED for an MTU that is too small for IPv4.
 */
MUST_USE enum err stack_start(struct stack *stack, struct netif *netif, struct pkt_pool *tx,
			      struct ipv4_prefix address, uint32_t gateway, struct waker work,
			      uint64_t now_us);

/* Adds a transport: polled after each batch, when woken, and at its deadline. ERR_NOMEM. */
MUST_USE enum err stack_add_poller(struct stack *stack,
				   uint64_t (*poll)(void *self, uint64_t now_us), void *self);

/* The poll function for task_add(). `self` is the stack. */
uint64_t stack_poll(void *self, uint64_t now_us);

#endif
