/* SPDX-License-Identifier: ISC */
/*
 * The network layer as transports see it: IPv4 today, IPv6 and both together later.
 *
 * A provider embeds `struct ip` first. A transport binds itself to its protocol number and
 * from then on is given the packets that arrive for it, with the network header already
 * checked and pulled off and the payload trimmed to the header's length. To send, it writes
 * its own header, and gives the packet with the addresses; checksum of the transport is its own
 * work, with ip_route telling whether the device below would do it.
 */
#ifndef NET_IP_IP_H
#define NET_IP_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/checksum.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"

enum {
	IP_PROTO_ICMP = 1,
	IP_PROTO_IGMP = 2,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_ICMPV6 = 58,
/* What ip_output() may take in front of a packet: headers below, the device's included. */
#ifdef PLAIN_IPV4
	IP_OUTPUT_HEADROOM =
		36, /* IPv4 over Ethernet; PKT_HEADROOM has room for TCP's 60 as well */
#else
	IP_OUTPUT_HEADROOM = 64,
#endif
};

/* What of the network header a transport needs, in both directions. */
struct ip_meta {
	struct ip_addr src, dst;
	uint8_t proto;
	uint8_t ttl;    /* to send: 0 for the default of 64, to a group 1 (RFC 1112 section 6.1) */
	uint8_t tos;    /* DSCP and ECN */
	bool broadcast; /* received: dst is a broadcast or multicast address */
	/*
	 * To send, unless NULL: where the layer may note the way that it found from src to dst, so
	 * that the next packet need not look for it. The caller keeps it, 0 at first and when the
	 * address may have moved to another interface; any other change is noticed.
	 */
	uint32_t *way;
};

/* The way to a destination, good until the configuration changes. */
struct ip_route {
	struct ip_addr src;  /* the source address to use */
	uint16_t mtu;        /* bytes of network-layer packet */
	uint8_t prefix_bits; /* of dst that chose the way: 0 the default router's, and a group's */
	uint32_t features;   /* enum netif_feature of the device on the way */
	uint32_t tso_bytes;  /* see struct netif */
	uint32_t way;        /* as struct ip_meta's `way` notes it, if the layer knows it already */
};

/* Why a packet cannot be delivered, for ip_unreachable(). */
enum ip_unreachable {
	IP_UNREACHABLE_PROTOCOL,
	IP_UNREACHABLE_PORT,
	IP_REASSEMBLY_TIMEOUT, /* the packet is the first of fragments whose rest did not come */
};

/* Is given the packet: p->data is at the transport header, p->l3 and p->l4 are set. */
typedef void ip_input_fn(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta);

/*
 * Is shown an ICMP error about a packet that this side sent: `meta` as it was sent, and the first
 * `len` (at least 8) bytes of its transport header, borrowed. `mtu` is the next hop's if the error
 * was "fragmentation needed", else 0. Everything in it is hostile (RFC 5927).
 */
typedef void ip_error_fn(void *self, uint64_t now_us, const struct ip_meta *meta,
			 const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu);

struct ip;

struct ip_ops {
	enum err (*bind)(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			 void *self);
	enum err (*route)(struct ip *ip, const struct ip_addr *dst, struct ip_route *out);
	enum err (*output)(struct ip *ip, uint64_t now_us, struct pkt *p,
			   const struct ip_meta *meta);
	void (*unreachable)(struct ip *ip, uint64_t now_us, struct pkt *p,
			    const struct ip_meta *meta, enum ip_unreachable why);
	enum err (*join)(struct ip *ip, uint64_t now_us, const struct ip_addr *group);
	void (*leave)(struct ip *ip, uint64_t now_us, const struct ip_addr *group);
	/* The layer that has this unicast address, itself unless it stands for several, or NULL. */
	struct ip *(*owner)(struct ip *ip, const struct ip_addr *addr);
};

struct ip {
	const struct ip_ops *ops;
};

/*
 * Who keeps the groups that a network layer belongs to (net/group/table.h), each function called
 * with `self`. join() and leave() as ip_join() and ip_leave(), for a group of the layer's family.
 */
struct ip_membership {
	enum err (*join)(void *self, uint64_t now_us, const struct ip_addr *group);
	void (*leave)(void *self, uint64_t now_us, const struct ip_addr *group);
	bool (*is_member)(void *self, const struct ip_addr *group);
};

/* A layer's; `ops` NULL: nobody does. */
struct ip_groups {
	const struct ip_membership *ops;
	void *self;
};

/*
 * Delivers packets of `proto` to input(self, …), and ICMP errors about them to `error`, which may
 * be NULL. ERR_EXISTS if the protocol is taken, ERR_NOMEM if the table is full.
 */
MUST_USE static inline enum err ip_bind(struct ip *ip, uint8_t proto, ip_input_fn *input,
					ip_error_fn *error, void *self)
{
	return ip->ops->bind(ip, proto, input, error, self);
}

/* The source address, MTU and device features for `dst`. ERR_UNREACHABLE, ERR_NOTREADY. */
MUST_USE static inline enum err ip_route(struct ip *ip, const struct ip_addr *dst,
					 struct ip_route *out)
{
	return ip->ops->route(ip, dst, out);
}

/*
 * Gives a packet whose data begins with the transport header, with at least IP_OUTPUT_HEADROOM
 * bytes in front of it; a received one that goes back has what it needs. OK: it is sent, or waits
 * for address resolution (and may be lost, as on any network). Not OK: the caller still owns it,
 * its data where it was: ERR_AGAIN when the device's queue is full, ERR_UNREACHABLE, ERR_INVALID
 * when it is longer than the MTU and neither PKT_GSO_ nor sent in fragments (net/fragments),
 * or meta->src is not ours, ERR_NOMEM without packets for fragments.
 */
MUST_USE BRIEF enum err ip_output(struct ip *ip, uint64_t now_us, struct pkt *p,
				  const struct ip_meta *meta)
{
	return ip->ops->output(ip, now_us, p, meta);
}

/*
 * Answers a received packet with an ICMP error where RFC 1122 section 3.2.2 allows one,
 * rate-limited. Is given the packet, as it came to ip_input_fn.
 */
static inline void ip_unreachable(struct ip *ip, uint64_t now_us, struct pkt *p,
				  const struct ip_meta *meta, enum ip_unreachable why)
{
	ip->ops->unreachable(ip, now_us, p, meta, why);
}

/*
 * Receives what is sent to `group` from now on, until ip_leave() was called as often; routers and
 * switches are told where a protocol for that is in the image. Transports filter what arrives:
 * others may have joined other groups. What this host sends to a group does not come back to it.
 * ERR_UNSUPPORTED where the image has no support of groups, or not of this address family;
 * ERR_INVALID for an address that is no group; ERR_NOMEM when a table is full.
 */
MUST_USE static inline enum err ip_join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	return ip->ops->join(ip, now_us, group);
}

/* Takes one ip_join() that answered OK back. */
static inline void ip_leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	ip->ops->leave(ip, now_us, group);
}

/* Whether `addr` is a unicast address of this host on `ip`, which may send from it. */
static inline bool ip_owns(struct ip *ip, const struct ip_addr *addr)
{
	return ip->ops->owner(ip, addr) != NULL;
}

/*
 * ip_route() for packets from `src`, as those of a connection that is there: by the interface of
 * this address and no other (RFC 1122 section 3.3.4.2, the strict model). ERR_INVALID if it is not
 * ours.
 */
MUST_USE static inline enum err ip_route_from(struct ip *ip, const struct ip_addr *src,
					      const struct ip_addr *dst, struct ip_route *out)
{
	struct ip *owner = ip->ops->owner(ip, src);
	if (owner == NULL)
		return ERR_INVALID;
	enum err e = ip_route(owner, dst, out);
	if (e == OK)
		out->src = *src;
	return e;
}

/* Frees a packet that is dropped, and counts it at `counter`. */
static inline void ip_drop(struct pkt *p, uint32_t *counter)
{
	COUNT_AT(counter);
	pkt_put(p);
}

/* The checksum sum of the pseudo-header (RFC 768, RFC 9293 section 3.1, RFC 8200 section 8.1). */
HOT(output)
static inline uint32_t ip_pseudo_sum_of(const struct ip_addr *src, const struct ip_addr *dst,
					uint8_t proto, uint32_t transport_bytes)
{
	/* In 64 bits, in which nothing can be carried out. Length and protocol stand in the same
	 * places of theirs. */
	uint64_t words = (uint64_t)__builtin_bswap32(transport_bytes + proto) +
			 src->word[INET_V4_WORD] + dst->word[INET_V4_WORD];
	uint32_t sum = csum_add_word((uint32_t)words, (uint32_t)(words >> 32));
	/* For a mapped IPv4 address only the last word differs from the IPv6 form. */
	if (inet_is_v4(dst))
		return sum;
	sum = csum_add(sum, src, 3 * sizeof(src->word[0]));
	return csum_add(sum, dst, 3 * sizeof(dst->word[0]));
}

static inline uint32_t ip_pseudo_sum(const struct ip_meta *meta, uint32_t transport_bytes)
{
	return ip_pseudo_sum_of(&meta->src, &meta->dst, meta->proto, transport_bytes);
}

#endif
