/* SPDX-License-Identifier: ISC */
/*
 * A network interface: sends and receives whole Ethernet frames, without the FCS.
 *
 * A driver embeds `struct netif` as its first member and fills every slot of its
 * netif_ops. All calls come from the event loop, one at a time, none blocks, and none
 * calls back: when frames arrive, the driver's interrupt handler silences the device
 * and wakes `rx`; the loop then takes frames with netif_recv() until there are none, and
 * netif_rx_arm() lets the device interrupt again. When a full transmit queue has room
 * again, the driver wakes `tx`. Frames that netif_send() has accepted may wait in the
 * queue until netif_flush(), so that a batch costs one notification of the device.
 *
 * Frames are given in both directions (base/pkt.h); the driver frees those that it has
 * sent. A received frame has at least as much headroom as the driver wants in front of one
 * to send, so that an answer can be made in the same packet. What it drops, it counts.
 */
#ifndef HAL_NETIF_H
#define HAL_NETIF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/waker.h"

enum netif_feature {
	NETIF_CSUM_TX = 1 << 0,  /* honours PKT_CSUM_PARTIAL for TCP and UDP */
	NETIF_CSUM_RX = 1 << 1,  /* may set PKT_CSUM_OK */
	NETIF_TSO4 = 1 << 2,     /* honours PKT_GSO_TCP4 */
	NETIF_TSO6 = 1 << 3,     /* honours PKT_GSO_TCP6 */
	NETIF_SG = 1 << 4,       /* takes packets with pieces; without it the wrapper's caller must
				    send packets of one piece only */
	NETIF_COALESCE = 1 << 5, /* may hand up TCP segments that it has put together, longer than
				    the MTU, as a run of packets (base/pkt.h) */
};

/*
 * What is known of all interfaces that the board may have: features that one or the other may have,
 * and those that each has. Constants of the image, so that the linker leaves out what is for
 * others; a board that does not define them knows nothing.
 */
extern const uint32_t netif_features_any, netif_features_all;

/* `features` of an interface, as far as they are not known. */
ALWAYS_INLINE uint32_t netif_features_of(uint32_t features)
{
	return (features & netif_features_any) | netif_features_all;
}

/* pkt_push_header(), of which most is for devices that checksum or cut: on a small board that has
 * none of those, just room is made. */
ALWAYS_INLINE uint8_t *netif_push_header(struct pkt *p, uint32_t n)
{
	if (BY_MEMORY(true, false) &&
	    (netif_features_any & (NETIF_CSUM_TX | NETIF_TSO4 | NETIF_TSO6)) == 0)
		return pkt_push(p, n);
	return pkt_push_header(p, n);
}

struct netif_stats {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes;
	uint32_t rx_dropped; /* no buffer, or larger than the MTU allows, unless coalesced */
	uint32_t rx_errors;  /* malformed by the device: absurd length, bad descriptor */
	uint32_t tx_full;    /* sends refused because the queue was full */
	uint32_t tx_errors;
	uint32_t resets; /* times that the device lied and was reset */
};

/* It, described (base/counter.h). */
extern const struct counters netif_counters;

/*
 * How many buffers of `pool` a driver whose ring has `ring` places best keeps there: a quarter of
 * them, and half of a small pool. What TCP lets a connection keep of received frames depends on
 * how many others are free, and those in the ring are not.
 */
static inline uint32_t netif_rx_target(const struct pkt_pool *pool, uint32_t ring)
{
	enum { SMALL = 16 };
	uint32_t count = pool->pool.count;

	return MIN(ring, MIN(MAX(count / 4, (uint32_t)SMALL), count / 2));
}

struct netif;

struct netif_ops {
	enum err (*start)(struct netif *nif);
	void (*stop)(struct netif *nif);
	enum err (*send)(struct netif *nif, struct pkt *p);
	void (*flush)(struct netif *nif);
	struct pkt *(*recv)(struct netif *nif);
	bool (*rx_arm)(struct netif *nif);
};

struct netif {
	const struct netif_ops *ops;
	const char *name;   /* "net0"; for messages */
	uint8_t mac[6];     /* valid after start */
	uint16_t mtu;       /* bytes of network-layer packet: 1500 */
	uint32_t features;  /* enum netif_feature, valid after start */
	uint32_t tso_bytes; /* most TCP payload bytes in one PKT_GSO_ packet, if NETIF_TSO4 or 6 */
	bool link_up;
	/*
	 * Tells a device that filters of a group's first member, and that its last has left; set by
	 * the driver before it is started, or NULL. Before the first call, and if there is none,
	 * frames to all groups come.
	 */
	void (*filter)(struct netif *nif, const uint8_t group[static 6], bool wanted);
	struct waker rx; /* frames arrived; set by the owner before start */
	struct waker tx; /* the transmit queue has room again; set by the owner before start */
	COUNTED(struct netif_stats, stats);
};

/*
 * Initialises the device, fills its receive queue and lets it interrupt. Waits for the
 * device for a bounded time at most. ERR_IO, ERR_TIMEOUT, ERR_NOMEM, ERR_UNSUPPORTED.
 */
MUST_USE static inline enum err netif_start(struct netif *nif)
{
	return nif->ops->start(nif);
}

/* Resets the device; afterwards it touches no memory. Frees the packets that it held. */
static inline void netif_stop(struct netif *nif)
{
	nif->ops->stop(nif);
}

/*
 * Gives a frame to the device. OK: the driver owns it. Otherwise the caller still does:
 * ERR_AGAIN when the queue is full (the `tx` waker follows), ERR_INVALID when the frame
 * is longer than the MTU allows, ERR_IO after a fault.
 */
HOT(output) MUST_USE static inline enum err netif_send(struct netif *nif, struct pkt *p)
{
	assert(p->n_pieces == 0 || (netif_features_of(nif->features) & NETIF_SG) != 0);
	assert((p->flags & PKT_CSUM_PARTIAL) == 0 || (nif->features & NETIF_CSUM_TX) != 0);
	return nif->ops->send(nif, p);
}

/* Tells the device of all frames sent since the last flush. */
static inline void netif_flush(struct netif *nif)
{
	nif->ops->flush(nif);
}

/*
 * The next received frame, given to the caller, or NULL. The driver refills the receive
 * queue as it goes; a frame that it cannot replace with a fresh buffer is dropped and
 * counted, so that the queue never runs dry.
 */
MUST_USE static inline struct pkt *netif_recv(struct netif *nif)
{
	return nif->ops->recv(nif);
}

/*
 * Lets the device interrupt again. True if frames have arrived meanwhile: the caller
 * then goes on with netif_recv() instead of waiting, so that no wake-up is lost.
 */
MUST_USE static inline bool netif_rx_arm(struct netif *nif)
{
	return nif->ops->rx_arm(nif);
}

#endif
