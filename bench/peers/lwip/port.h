/* SPDX-License-Identifier: ISC */
/*
 * lwIP on a network interface of Fata's: the peer's stack on the very drivers, boards and event
 * loop that Fata has, so that what differs in a comparison is the stack.
 *
 * Received frames go up in the buffers that the driver filled, and what lwIP sends goes down where
 * it lies; only headers are copied. Where the device computes checksums, lwIP does not. There is
 * one port in an image. Event loop only.
 */
#ifndef BENCH_PEERS_LWIP_PORT_H
#define BENCH_PEERS_LWIP_PORT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/netif.h"
#include "runtime/loop/loop.h"

struct lwip_address {
	uint32_t addr, mask, gateway; /* host order; addr 0: ask a DHCP server */
};

/*
 * Starts lwIP on `device`, and its task, which outlives the port as all else. What is sent is built
 * in packets of `tx`. The errors of netif_start(); ERR_NOMEM.
 */
MUST_USE enum err lwip_port_start(struct netif *device, struct pkt_pool *tx,
				  const struct lwip_address *address);

#endif
