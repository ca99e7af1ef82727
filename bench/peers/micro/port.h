/* SPDX-License-Identifier: ISC */
/*
 * lwIP on a LAN9118 with as little in between as there can be: frames go from the controller's FIFO
 * into lwIP's own pool, and out of lwIP's buffers into the FIFO. Of Fata's driver only the start
 * and the interrupt are used, of Fata's packets nothing. There is one port in an image. Event loop
 * only.
 */
#ifndef BENCH_PEERS_MICRO_PORT_H
#define BENCH_PEERS_MICRO_PORT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct micro_address {
	uint32_t addr, mask, gateway; /* host order; addr 0: ask a DHCP server */
};

/*
 * Starts the board's interface, lwIP on it, and the task that both live in, which never ends. The
 * errors of netif_start(); ERR_NODEV, ERR_NOMEM.
 */
MUST_USE enum err micro_port_start(const struct micro_address *address);

#endif
