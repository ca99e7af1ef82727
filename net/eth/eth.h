/* SPDX-License-Identifier: ISC */
/*
 * Ethernet II framing (IEEE 802.3 clause 3, RFC 894) over one network interface.
 *
 * Received frames are filtered by destination and handed up by EtherType, to whoever bound
 * itself. To send, a layer above gives a packet and the hardware address of its receiver; the
 * header goes into the headroom.
 *
 * Whoever wires the layers writes the poll function of the interface's task:
 *
 *      uint64_t due_us = TIME_NEVER;
 *      eth_poll_begin(eth, now_us);
 *      due_us = time_earlier(due_us, tcp_poll(tcp, now_us));
 *      due_us = time_earlier(due_us, arp_poll(arp, now_us));
 *      return eth_poll_end(eth, now_us, due_us);
 *
 * ARP comes last, since the others may make work for it. What is sent between begin and end reaches
 * the device with one flush; a frame that is sent outside of such a batch wakes that task. All
 * calls come from the event loop.
 */
#ifndef NET_ETH_ETH_H
#define NET_ETH_ETH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "hal/netif.h"

enum {
	ETH_HEADER_BYTES = 14,
	ETH_ADDR_BYTES = 6,
	ETH_BINDINGS_MAX = BY_MEMORY(3, 4),
/* Group addresses that are received, besides the broadcast. */
#ifdef PLAIN_IPV4
	ETH_GROUPS_MAX = 0,
#else
	ETH_GROUPS_MAX = BY_MEMORY(12, 32),
#endif
	/*
	 * Frames taken in one poll before the layers above may send: bounds latency and memory.
	 * Where another processor, the hypervisor's, works for the device, it sends one batch's
	 * answers while the next is being looked at: with few requests under way a larger batch
	 * would have all of them, and each side would wait for the other.
	 */
	ETH_BATCH = BY_MEMORY(3, 32),
	ETH_RUN_BYTES = 2048, /* of a run (base/pkt.h), which count as one packet */
	ETH_TYPE_IPV4 = 0x0800,
	ETH_TYPE_ARP = 0x0806,
	ETH_TYPE_IPV6 = 0x86dd,
};

extern const uint8_t eth_broadcast[ETH_ADDR_BYTES];

/*
 * Is given a received packet: p->data is behind the Ethernet header, p->l3 is set. `group`: the
 * frame was sent to a broadcast or multicast address.
 */
typedef void eth_input_fn(void *self, uint64_t now_us, struct pkt *p, bool group);

struct ip_addr;

struct eth_binding {
	uint16_t type;
	eth_input_fn *input;
	void *self;
};

/* A group address that is received. */
struct eth_group {
	uint8_t addr[ETH_ADDR_BYTES];
	uint16_t users;
};

struct eth_stats {
	uint64_t in, out;
	uint32_t runts;        /* shorter than a header */
	uint32_t not_for_us;   /* sent to another station or an unwanted group */
	uint32_t bad_source;   /* from a group address */
	uint32_t unknown_type; /* nobody bound, VLAN tags and 802.2 LLC included */
	uint32_t linearised;   /* packets copied because the device takes no pieces */
	uint32_t refused;      /* sends that the device or a lack of memory refused */
};

/* It, described (base/counter.h). */
extern const struct counters eth_counters;

struct eth {
	struct netif *netif;
	struct pkt_pool *tx;
	struct waker work;
	uint64_t station; /* the interface's address, as the first bytes of a frame to it */
	bool in_batch, unflushed;
	bool more; /* the last batch was full: more frames may wait */
	unsigned n_bindings;
	struct eth_binding binding[ETH_BINDINGS_MAX + 1]; /* the latest first; one without input */
	unsigned n_groups;
	struct eth_group group[ETH_GROUPS_MAX];
	COUNTED(struct eth_stats, stats);
};

/*
 * Makes a layer over `netif`, points the interface's wakers at `work`, and starts it. `tx` supplies
 * the packets that replace those in pieces where the device cannot take them. `work` has the task
 * polled that the paragraph above describes. An interface that does not start, which a log line
 * tells, has no link, and the image goes on.
 */
void eth_start(struct eth *eth, struct netif *netif, struct pkt_pool *tx, struct waker work);

/* Stops the interface. Its task must not be polled any more, nor a layer above be used. */
void eth_stop(struct eth *eth);

/* Begins a batch, and hands received frames in about ETH_BATCH packets to the layers above. */
void eth_poll_begin(struct eth *eth, uint64_t now_us);

/*
 * Ends the batch and, unless more frames wait, lets the device interrupt again. Returns the time of
 * the next poll: `now_us` if they do, else `deadline_us`, the earliest of the layers above.
 */
uint64_t eth_poll_end(struct eth *eth, uint64_t now_us, uint64_t deadline_us);

/* Delivers frames of `type` to input(self, …). ERR_EXISTS, ERR_NOMEM when the table is full. */
MUST_USE enum err eth_bind(struct eth *eth, uint16_t type, eth_input_fn *input, void *self);

/*
 * Takes frames to the group address `group` in from now on, until eth_leave() was called as often.
 * The broadcast address needs none of this. ERR_NOMEM when the table is full.
 */
MUST_USE enum err eth_join(struct eth *eth, const uint8_t group[ETH_ADDR_BYTES]);

/* Takes one eth_join() back; without one it asserts. */
void eth_leave(struct eth *eth, const uint8_t group[ETH_ADDR_BYTES]);

/* The address of a group of hosts, of either family (RFC 1112 section 6.4, RFC 2464 section 7). */
void eth_group_addr(const struct ip_addr *group, uint8_t mac[static ETH_ADDR_BYTES]);

/* The same for the address of such a group. */
MUST_USE enum err eth_join_group(struct eth *eth, const struct ip_addr *group);
void eth_leave_group(struct eth *eth, const struct ip_addr *group);

/* Takes a received frame, which it is given. */
void eth_input(struct eth *eth, uint64_t now_us, struct pkt *p);

/*
 * Sends p to station `dst`. OK: it was given. Not OK: the caller still owns it, its data where it
 * was; the errors of netif_send(), and ERR_NOMEM or ERR_INVALID when it has pieces, the device
 * takes none (NETIF_SG) and there is no packet, or none so large, to copy them to.
 */
MUST_USE enum err eth_output(struct eth *eth, struct pkt *p, const uint8_t dst[ETH_ADDR_BYTES],
			     uint16_t type);

/* Sends p to the members of a group, by its address, as the type of its family. */
MUST_USE enum err eth_output_group(struct eth *eth, struct pkt *p, const struct ip_addr *group);

/* A batch without reception, for a layer that sends when it is started. */
static inline void eth_batch_begin(struct eth *eth)
{
	eth->in_batch = true;
}

/* Ends a batch: tells the device of what was sent, if anything was. */
static inline void eth_batch_end(struct eth *eth)
{
	eth->in_batch = false;
	if (!eth->unflushed)
		return;
	eth->unflushed = false;
	netif_flush(eth->netif);
}

/* Makes sure that a batch, in which layers above look at their deadlines, follows soon. */
BRIEF void eth_want_batch(struct eth *eth)
{
	if (!eth->in_batch)
		waker_wake(&eth->work);
}

/* A broadcast or multicast address (IEEE 802 section 8.2: the I/G bit). */
static inline bool eth_addr_is_group(const uint8_t addr[ETH_ADDR_BYTES])
{
	return (addr[0] & 1) != 0;
}

static inline bool eth_addr_equal(const uint8_t a[ETH_ADDR_BYTES], const uint8_t b[ETH_ADDR_BYTES])
{
	return load_le32(a) == load_le32(b) && load_le16(a + 4) == load_le16(b + 4);
}

#endif
