/* SPDX-License-Identifier: ISC */
/* Ethernet. Its task polls all protocols above it, in one batch. */
#ifndef NET_ETH_CFG_H
#define NET_ETH_CFG_H

#include <fata/module.h>

#include "base/pkt.cfg.h"
#include "runtime/loop/loop.cfg.h"

struct ethernet_options {
	packets_t tx;        /* for what is sent, made of the two below unless given */
	unsigned tx_packets; /* for headers and copied bytes */
	unsigned tx_bytes;   /* of each of those */
};

static inline eth_t ethernet_over(netif_t net, const struct ethernet_options *options)
{
	static const struct fata_spec spec = {
		.kind = "eth",
		.about = "Ethernet",
		.signature = &fata_signature_eth,
		.modules = "net/eth",
		.headers = "net/eth/eth.h",
		.state = "static struct eth $self;",
		.value = "&$self",
		.start = "eth_start(&$self, $net, $tx, $waker);\nreturn OK;",
		.stop = "eth_stop(&$self);",
		.own_task = true,
		.poll_begin = "eth_poll_begin(&$self, now_us);",
		.poll_end = "eth_poll_end(&$self, now_us, due_us)",
		.counters = "metrics_add($page, &eth_counters, &$self.stats, $name);",
	};
	const char *prefix = fata_name(net.node);
	packets_t tx = options->tx;
	if (tx.node == NULL)
		tx = fata_packets(fata_text("%s-tx", prefix), options->tx_packets,
				  options->tx_bytes, "packets to send", false);
	const char *name = fata_name_over(net.node, "eth");
	return (eth_t){fata_device(
		&spec, name, FATA_USES({"net", net.node}, {"tx", tx.node}, {"loop", fata_loop()}))};
}

#define ETHERNET_DEFAULTS       .tx = {0}, .tx_packets = 192, .tx_bytes = 512
#define ETHERNET_OPTIONS(...)   (&(const struct ethernet_options){ETHERNET_DEFAULTS, __VA_ARGS__})
#define ethernet_over(NET, ...) FATA_HERE(ethernet_over((NET), ETHERNET_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(
	ethernet_over, "eth_t ethernet_over(netif_t net, " FATA_TEXT_OF(ETHERNET_DEFAULTS) ")",
	"Ethernet on an interface; tx is a packet_pool() to send from instead of one of its own")

#endif
