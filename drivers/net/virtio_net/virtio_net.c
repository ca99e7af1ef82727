/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "virtio-net"

#include "drivers/net/virtio_net/virtio_net.h"

#include <string.h>

#include "arch/barrier.h"
#include "arch/cpu.h"
#include "base/log.h"
#include "drivers/net/virtio_net/virtio_net_internal.h"
#include "drivers/net/virtio_net/virtio_net_regs.h"

enum { MTU_DEFAULT = 1500 };

/* By these the device may deliver 64 KiB at once: see may_coalesce(). */
#define COALESCING_FEATURES                                                                        \
	(VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_GUEST_ECN)

/*
 * What we can use. Not the control queue: one station address and what it hears by default are
 * enough.
 */
#define USEFUL_FEATURES                                                                            \
	(VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_MTU | VIRTIO_NET_F_MAC |       \
	 VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 | VIRTIO_NET_F_MRG_RXBUF |                \
	 VIRTIO_NET_F_STATUS | COALESCING_FEATURES)

/* --- bringing up ----------------------------------------------------------------------------- */

/* A locally administered address, for a device without one (section 5.1.5). */
static void invent_mac(uint8_t mac[static 6])
{
	if (cpu_random(mac, 6) != OK) {
		uint64_t mixed = cpu_cycles() * UINT64_C(0x9e3779b97f4a7c15);
		memcpy(mac, (uint8_t *)&mixed + 2, 6); /* the upper bits are the mixed ones */
	}
	mac[0] = (uint8_t)((mac[0] & ~1) | 2);
}

static enum err read_mac(struct virtio_net *net)
{
	static const uint8_t none[6];
	uint8_t *mac = net->nif.mac;
	if (virtio_has(net->dev, VIRTIO_NET_F_MAC)) {
		enum err e = virtio_config_read(net->dev, VIRTIO_NET_CONFIG_MAC, 1, 6, mac);
		/* A group address cannot be a station's. */
		if (e != OK || ((mac[0] & 1) == 0 && memcmp(mac, none, 6) != 0))
			return e;
	}
	invent_mac(mac);
	return OK;
}

static enum err read_link(struct virtio_net *net)
{
	uint16_t status = VIRTIO_NET_STATUS_LINK_UP;
	enum err e = OK;
	if (virtio_has(net->dev, VIRTIO_NET_F_STATUS))
		e = virtio_config_read(net->dev, VIRTIO_NET_CONFIG_STATUS, 2, 1, &status);
	bool up = e == OK && (status & VIRTIO_NET_STATUS_LINK_UP) != 0;
	if (up != net->nif.link_up)
		log_debug("%s: link %s", net->nif.name, up ? "up" : "down");
	net->nif.link_up = up;
	return e;
}

/* What follows from the features alone. */
static void apply_features(struct virtio_net *net)
{
	struct virtio_device *dev = net->dev;
	net->mergeable = virtio_has(dev, VIRTIO_NET_F_MRG_RXBUF);
	/* Section 5.1.6.1: only legacy without mergeable buffers has the short header. */
	net->header_bytes = dev->legacy && !net->mergeable ? VNET_BYTES_SHORT : VNET_BYTES;
	/* Section 5.1.6.6. */
	net->header_apart = dev->legacy && !virtio_has(dev, VIRTIO_F_ANY_LAYOUT);
}

/* The longest frame that fits the buffers of one packet. */
static uint32_t receivable_bytes(const struct virtio_net *net)
{
	uint32_t buffers = net->mergeable ? MIN(net->rx_target, 1 + PKT_PIECES_MAX) : 1;
	return buffers * virtio_net_rx_room(net) - net->header_bytes;
}

static bool is_coalescing(const struct virtio_net *net)
{
	return virtio_has(net->dev, VIRTIO_NET_F_GUEST_TSO4) ||
	       virtio_has(net->dev, VIRTIO_NET_F_GUEST_TSO6);
}

static enum err set_up_queues(struct virtio_net *net)
{
	const struct virtqueue_memory rx = {
		.ring = net->rx_ring,
		.slots = net->rx_slots,
		.size = VIRTIO_NET_RX_SIZE,
	};
	const struct virtqueue_memory tx = {
		.ring = net->tx_ring,
		.slots = net->tx_slots,
		.tables = net->tx_tables,
		.size = VIRTIO_NET_TX_SIZE,
		.table_entries = VIRTIO_NET_TABLE_ENTRIES,
	};
	enum err e = virtqueue_setup(&net->rx, net->dev, VIRTIO_NET_QUEUE_RX, &rx);
	if (e == OK)
		e = virtqueue_setup(&net->tx, net->dev, VIRTIO_NET_QUEUE_TX, &tx);
	if (e != OK)
		return e;
	if (net->rx.size < 2 || net->tx.size < 2)
		return ERR_UNSUPPORTED;
	uint32_t entries = net->rx.size / (net->header_apart ? 2u : 1u);
	net->rx_target = (uint16_t)(is_coalescing(net) ? MIN(entries, net->rx_pool->pool.count / 2)
						       : netif_rx_target(net->rx_pool, entries));
	return OK;
}

/*
 * Coalesced segments need buffers that can be merged, and so many of them that two of the longest
 * fit: a device with too few for one would wait for more for ever, and with room for one only it
 * would wait for us each time. The rest of the pool is for those who hold what was received.
 */
static bool may_coalesce(struct virtio_net *net)
{
	uint32_t room = virtio_net_rx_room(net) - net->header_bytes;
	uint32_t two = 2 * VNET_RUN_PACKETS(room);
	if (!net->mergeable || !virtio_has(net->dev, VIRTIO_NET_F_GUEST_CSUM) ||
	    net->header_apart || net->rx_target < two || !vnet_may_coalesce(net->rx_pool, room))
		return false;
	net->rx_target = (uint16_t)MIN(net->rx_target, MAX(two, net->rx_pool->pool.count / 4));
	return true;
}

/* The MTU that the device asks for, if it does; 0 if it cannot be served. */
static enum err read_mtu(struct virtio_net *net, uint16_t *mtu)
{
	if (!virtio_has(net->dev, VIRTIO_NET_F_MTU))
		return OK;
	enum err e = virtio_config_read(net->dev, VIRTIO_NET_CONFIG_MTU, 2, 1, mtu);
	if (*mtu < VIRTIO_NET_MTU_MIN || receivable_bytes(net) < (uint32_t)*mtu + ETH_HEADER_BYTES)
		*mtu = 0;
	return e;
}

/* ERR_RANGE: the device would coalesce more than can be received. */
static enum err negotiate(struct virtio_net *net, uint64_t wanted)
{
	enum err e = virtio_negotiate(net->dev, wanted);
	if (e != OK)
		return e;
	apply_features(net);
	e = set_up_queues(net);
	return e == OK && is_coalescing(net) && !may_coalesce(net) ? ERR_RANGE : e;
}

/* The first negotiation: learns what the device is. */
static enum err get_acquainted(struct virtio_net *net)
{
	uint64_t wanted = USEFUL_FEATURES;
	uint16_t mtu = MTU_DEFAULT;
	enum err e = negotiate(net, wanted);
	if (e == ERR_RANGE) {
		wanted &= ~COALESCING_FEATURES;
		e = negotiate(net, wanted);
	}
	if (e == OK)
		e = read_mtu(net, &mtu);
	if (e == OK && mtu == 0) {
		/* Section 5.1.4.2: who accepts the MTU must have buffers for it. */
		e = negotiate(net, wanted & ~VIRTIO_NET_F_MTU);
		mtu = MTU_DEFAULT;
	}
	if (e == OK)
		e = read_mac(net);
	if (e != OK)
		return e;
	net->features = net->dev->features;
	net->nif.mtu = mtu;
	net->frame_max = ETH_HEADER_BYTES + mtu;
	return OK;
}

static uint32_t netif_features(const struct virtio_net *net)
{
	const struct virtio_device *dev = net->dev;
	uint32_t f = 0;
	if (virtio_has(dev, VIRTIO_NET_F_GUEST_CSUM))
		f |= NETIF_CSUM_RX;
	if (is_coalescing(net))
		f |= NETIF_COALESCE;
	if (virtio_has(dev, VIRTIO_NET_F_CSUM))
		f |= NETIF_CSUM_TX;
	if (net->tx.size < TX_CHAIN_MAX)
		return f;
	f |= NETIF_SG;
	if (virtio_has(dev, VIRTIO_NET_F_CSUM) && virtio_has(dev, VIRTIO_NET_F_HOST_TSO4))
		f |= NETIF_TSO4;
	if (virtio_has(dev, VIRTIO_NET_F_CSUM) && virtio_has(dev, VIRTIO_NET_F_HOST_TSO6))
		f |= NETIF_TSO6;
	return f;
}

/* A negotiation after a reset: the layers above rely on what the first one gave them. */
static enum err get_reacquainted(struct virtio_net *net)
{
	enum err e = negotiate(net, net->features);
	if (e != OK)
		return e;
	bool same = net->dev->features == net->features && netif_features(net) == net->nif.features;
	return same ? OK : ERR_UNSUPPORTED;
}

/* Fills the receive queue and lets the device go. */
static enum err go(struct virtio_net *net)
{
	unsigned filled = virtio_net_rx_fill(net);
	/* With fewer than it may need for one frame, the device would wait for more for ever. */
	if (filled == 0 || (is_coalescing(net) && filled < net->rx_target))
		return ERR_NOMEM;
	enum err e = read_link(net);
	if (e != OK)
		return e;
	net->config_changed = false;
	net->tx_blocked = false;
	compiler_barrier(); /* from here on the interrupt handler uses the queues */
	net->running = true;
	virtio_ready(net->dev);
	virtqueue_kick(&net->rx);
	if (virtqueue_arm(&net->rx, 1))
		waker_wake(&net->nif.rx);
	return OK;
}

/* --- taking down ----------------------------------------------------------------------------- */

static void free_all(struct virtqueue *q)
{
	for (struct pkt *p; (p = virtqueue_reclaim(q)) != NULL;)
		pkt_put(p);
}

/*
 * Stops the device and frees its packets. False if it does not stop: then it may still write to
 * them, and nobody else may have them.
 */
static bool take_down(struct virtio_net *net)
{
	net->running = false;
	compiler_barrier(); /* from here on the interrupt handler leaves the queues alone */
	if (virtio_reset(net->dev) != OK) {
		log_error("%s: does not reset", net->nif.name);
		return false;
	}
	free_all(&net->rx);
	free_all(&net->tx);
	return true;
}

static void give_up(struct virtio_net *net)
{
	(void)take_down(net);
	virtio_give_up(net->dev);
	net->nif.link_up = false;
}

static bool may_reset(struct virtio_net *net)
{
	uint64_t received = net->nif.stats.rx_packets;
	if (received - net->rx_at_reset >= VIRTIO_NET_FRAMES_BETWEEN_RESETS)
		net->resets_left = VIRTIO_NET_RESETS_MAX;
	net->rx_at_reset = received;
	if (net->resets_left == 0)
		return false;
	net->resets_left--;
	return true;
}

void virtio_net_check_faults(struct virtio_net *net)
{
	const char *fault = net->rx.fault != NULL ? net->rx.fault : net->tx.fault;
	if (LIKELY(fault == NULL))
		return;
	log_error("%s: device fault: %s", net->nif.name, fault);
	bool again = take_down(net) && may_reset(net);
	if (again) {
		net->nif.stats.resets++;
		again = get_reacquainted(net) == OK && go(net) == OK;
	}
	if (!again) {
		log_error("%s: given up", net->nif.name);
		give_up(net);
	}
	/* Whoever waits for frames or for room looks again. */
	waker_wake(&net->nif.rx);
	waker_wake(&net->nif.tx);
}

void virtio_net_check_config(struct virtio_net *net)
{
	if (LIKELY(!net->config_changed))
		return;
	net->config_changed = false;
	compiler_barrier(); /* before reading: a further change sets it again */
	if (virtio_needs_reset(net->dev))
		virtqueue_fail(&net->rx, "asks for a reset");
	else if (read_link(net) != OK)
		virtqueue_fail(&net->rx, "configuration cannot be read");
}

/* --- interface ------------------------------------------------------------------------------- */

static enum err start(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	assert(!net->running);
	if (!net->attached) {
		enum err e =
			irq_attach(net->irq, net->line, net->trigger, virtio_net_interrupt, net);
		if (e != OK)
			return e;
		net->attached = true;
	}
	net->resets_left = VIRTIO_NET_RESETS_MAX;
	/* First of all frees what a device that did not reset when it should has kept. */
	enum err e = take_down(net) ? get_acquainted(net) : ERR_TIMEOUT;
	if (e == OK) {
		nif->features = netif_features(net);
		nif->tso_bytes = VNET_TSO_BYTES;
		e = go(net);
	}
	if (e != OK)
		give_up(net);
	return e;
}

static void stop(struct netif *nif)
{
	struct virtio_net *net = virtio_net_of(nif);
	if (net->attached)
		irq_detach(net->irq, net->line);
	net->attached = false;
	(void)take_down(net);
	nif->link_up = false;
}

static const struct netif_ops virtio_net_ops = {
	.start = start,
	.stop = stop,
	.send = virtio_net_send,
	.flush = virtio_net_flush,
	.recv = virtio_net_recv,
	.rx_arm = virtio_net_rx_arm,
};

struct netif *virtio_net_init(struct virtio_net *net, struct virtio_device *dev,
			      struct irq_chip *irq, uint32_t line, enum irq_trigger trigger,
			      struct pkt_pool *rx, const char *name)
{
	assert(dev->id == VIRTIO_ID_NET);
	assert(rx->buf_bytes >= ETH_HEADER_BYTES + MTU_DEFAULT + RX_FRAME_OFFSET);
	memset(net, 0, sizeof(*net));
	net->nif = (struct netif){.ops = &virtio_net_ops, .name = name, .mtu = MTU_DEFAULT};
	net->dev = dev;
	net->irq = irq;
	net->line = line;
	net->trigger = trigger;
	net->rx_pool = rx;
	return &net->nif;
}
