/* SPDX-License-Identifier: ISC */
/*
 * The Internet Protocol, version 6 (RFC 8200, RFC 8504), of a host on one Ethernet.
 *
 * It is a provider of net/ip/ip.h: transports bind themselves to `ip` and are given packets whose
 * headers, addresses and length are checked, with all extension headers pulled off. Addresses,
 * neighbours and routers are the matter of net/ndp below; while there is no address that could
 * send so far, ip_route() answers ERR_NOTREADY. net/icmpv6 binds itself as any transport does, and
 * sets itself in for errors; no IPv6 works without it, since it hands net/ndp its messages.
 *
 * It does not forward. Fragments both ways are the work of net/ipv6/fragments, which sets itself in
 * here; without it those that arrive are counted and dropped, unless one is a whole packet (RFC
 * 6946), and nothing longer than the MTU is sent. All calls come from the event loop.
 */
#ifndef NET_IPV6_IPV6_H
#define NET_IPV6_IPV6_H

#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/pkt.h"
#include "net/eth/eth.h"
#include "net/ip/ip_bindings.h"
#include "net/ndp/ndp.h"

struct ipv6_chain;

/* Builds the answers to packets that cannot be delivered: net/icmpv6 provides them. */
struct ipv6_errors {
	/* ip_unreachable() */
	void (*unreachable)(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			    enum ip_unreachable why);
	/*
	 * Parameter Problem with `code` (enum ipv6_problem of net/ipv6/ipv6_chain.h) at byte `at`.
	 * Is given the packet; `to_groups`: the answer is due even to one that was sent to a group.
	 */
	void (*problem)(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			uint8_t code, uint32_t at, bool to_groups);
};

/*
 * Is given a fragment, at its IPv6 header, as its chain says. Returns the whole packet, at its IPv6
 * header and without the fragment's, when it was the last one missing, with `meta` of it; else
 * NULL.
 */
typedef struct pkt *ipv6_reassemble_fn(void *self, uint64_t now_us, struct pkt *p,
				       struct ip_meta *meta, const struct ipv6_chain *c);

/* Sends what is too long for the way: net/ipv6/fragments. Each function is called with `self`. */
struct ipv6_cutter {
	/* The bytes of packet that the way to `dst` is known to take, if that is below `mtu`. */
	uint16_t (*path_mtu)(void *self, uint64_t now_us, const struct ip_addr *dst, uint16_t mtu);
	/* ip_output() in fragments of at most `mtu` bytes; meta->ttl is set. */
	enum err (*output)(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			   uint16_t mtu);
	/* A router said that the way to `dst` takes `mtu` bytes, at least IPV6_MTU_MIN. */
	void (*too_big)(void *self, uint64_t now_us, const struct ip_addr *dst, uint16_t mtu);
};

struct ipv6_stats {
	uint64_t in, out;
	/* Received and dropped: */
	uint32_t bad_header; /* version, payload length, or truncated */
	uint32_t bad_source; /* an address that no host can send from, or ours */
	uint32_t not_for_us;
	uint32_t group_frames;  /* to us alone, but in a group's frame */
	uint32_t bad_extension; /* the chain of headers: lengths, options that must be understood …
				 */
	uint32_t excess;        /* … or more of them than there may be */
	uint32_t fragments;     /* which nobody puts together */
	uint32_t no_protocol;
	/* Not sent: */
	uint32_t unreachable; /* no address, no route, or the neighbour does not answer */
	uint32_t too_long;
	uint32_t bad_from; /* from an address that is not ours */
};

struct ipv6 {
	struct ip ip; /* first */
	struct eth *eth;
	struct ndp *ndp;
	struct ip_bindings bindings;
	const struct ipv6_errors *errors; /* or NULL */
	void *errors_self;
	ipv6_reassemble_fn *reassemble; /* NULL: nobody does */
	void *reassemble_self;
	const struct ipv6_cutter *cutter; /* NULL: nobody does */
	void *cutter_self;
	/* NULL: of no group that somebody joined. Those that addresses bring are net/ndp's. */
	struct ip_groups groups;
	struct ipv6_stats stats;
};

extern const struct counters ipv6_counters; /* of struct ipv6_stats, for net/metrics */

/*
 * Makes a network layer over `eth` and `ndp`, which has been started, and binds it there. The
 * errors of eth_bind().
 */
MUST_USE enum err ipv6_start(struct ipv6 *ipv6, struct eth *eth, struct ndp *ndp);

/* Sets who answers what cannot be delivered, called with `self`. Until then it is dropped. */
void ipv6_set_errors(struct ipv6 *ipv6, const struct ipv6_errors *errors, void *self);

#endif
