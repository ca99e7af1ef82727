/* SPDX-License-Identifier: ISC */
/*
 * The Internet Protocol, version 4 (RFC 791, RFC 1122), of a host with one address on one Ethernet.
 *
 * The address may be missing, come, change and go. While there is none, only what a DHCP client
 * needs is sent and received (RFC 2131 section 4.1): UDP from 0.0.0.0, port 68, to the limited
 * broadcast, and UDP to port 68 of any address; ip_route() and ip_output() answer ERR_NOTREADY.
 * Beside a link-local address (RFC 3927) the client may do the same. What is sent to such addresses
 * stays on the link, unless a route says otherwise.
 *
 * It is a provider of net/ip/ip.h: transports bind themselves to `ip` and are given packets whose
 * header, addresses and length are checked. It does not forward. Fragments both ways are the work
 * of net/ipv4/fragments, which sets itself in here; without them fragments that arrive are counted
 * and dropped, and nothing longer than the MTU is sent. Options are checked and skipped, but
 * packets that were source-routed are dropped.
 *
 * TCP, which finds the MTU of a path, sends with DF and identification 0 (RFC 6864 section 4.1).
 * What others send may be cut by a router whose next link is narrower, since they would not send it
 * in smaller pieces (RFC 8085 section 3.2): it goes without DF, with an identification that counts
 * up. That repeats after 65,536 packets, which is what RFC 6864 section 4.3 leaves to checksums. A
 * minimal IPv4 sends all so.
 *
 * What is not for the link goes to the one gateway, or by the routes of net/ipv4/routes.h.
 * Redirects are ignored.
 *
 * Packets are sent to any group (RFC 1112 section 6), and received of that of all hosts. Others are
 * joined where net/group/table.h has set itself in. All calls come from the event loop.
 */
#ifndef NET_IPV4_IPV4_H
#define NET_IPV4_IPV4_H

#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/ip/ip_bindings.h"

enum {
	IPV4_HEADER_BYTES = 20, /* without options */
	IPV4_TTL_DEFAULT = 64,
	IPV4_TTL_GROUP = 1,
	IPV4_MTU_MIN = 68, /* RFC 791 section 3.2 */
	IPV4_DHCP_CLIENT_PORT = 68,
};

#define IPV4_BROADCAST   UINT32_C(0xffffffff)
#define IPV4_ALL_HOSTS   UINT32_C(0xe0000001) /* 224.0.0.1, RFC 1112 section 4 */
#define IPV4_ALL_ROUTERS UINT32_C(0xe0000002) /* 224.0.0.2 */

/* Builds the answer of ip_unreachable(): net/icmp provides it. */
typedef void ipv4_unreachable_fn(void *self, uint64_t now_us, struct pkt *p,
				 const struct ip_meta *meta, enum ip_unreachable why);

/*
 * Is given a fragment, as ip_input_fn is given a packet. Returns the whole datagram with its `meta`
 * when it was the last one missing, else NULL: net/ipv4/fragments.
 */
typedef struct pkt *ipv4_reassemble_fn(void *self, uint64_t now_us, struct pkt *p,
				       struct ip_meta *meta);

/* ip_output() to the neighbour `hop` for what is longer than the MTU: net/ipv4/fragments. */
typedef enum err ipv4_fragment_fn(void *self, uint64_t now_us, struct pkt *p,
				  const struct ip_meta *meta, uint32_t hop);

/* A neighbour to give packets to, and how much of their destination says so. */
struct ipv4_way {
	uint32_t hop; /* host order; 0: none */
	uint8_t bits;
};

/* A way to `dst` with a prefix no shorter than `otherwise`, else that: net/ipv4/routes.c. */
typedef struct ipv4_way ipv4_find_way_fn(const void *self, uint32_t dst, struct ipv4_way otherwise);

struct ipv4_stats {
	uint64_t in, out;
	/* Received and dropped: */
	uint32_t bad_header;   /* version, header length, total length, or truncated */
	uint32_t bad_checksum; /* of the header */
	uint32_t bad_source;   /* an address that no host can send from, or ours */
	uint32_t not_for_us;
	uint32_t group_frames;  /* to us alone, but in a broadcast frame (RFC 1122 3.3.6) */
	uint32_t bad_options;   /* their lengths */
	uint32_t source_routed; /* LSRR, SSRR */
	uint32_t fragments;     /* which nobody puts together */
	uint32_t no_protocol;
	/* Not sent: */
	uint32_t unreachable; /* no address, no route, or the neighbour does not answer */
	uint32_t too_long;
	uint32_t bad_from; /* from an address that is not ours */
};

/* It, described (base/counter.h). */
extern const struct counters ipv4_counters;

/* What others do for it, none of it for a minimal one. */
struct ipv4_hooks {
	ipv4_unreachable_fn *unreachable;
	void *unreachable_self;
	ipv4_reassemble_fn *reassemble; /* NULL: nobody does */
	void *reassemble_self;
	void (*forget_fragments)(void *self); /* of `reassemble`, with the same self */
	ipv4_fragment_fn *fragment;           /* NULL: nobody does */
	void *fragment_self;
	ipv4_find_way_fn *find_way; /* NULL: to the link and the gateway only */
	void *find_way_self;
	struct ip_groups groups; /* without: of none but that of all hosts */
};

/* How many of those there are: one, or none where all images of the objects have a minimal IPv4. */
#ifdef PLAIN_IPV4
enum { IPV4_HOOKS = 0 };
#else
enum { IPV4_HOOKS = 1 };
#endif

struct ipv4 {
	struct ip ip; /* first */
	struct eth *eth;
	struct arp *arp;
	uint32_t addr, mask, gateway; /* host order; 0: none */
	uint32_t broadcast;           /* of the subnet; IPV4_BROADCAST where it has none */
	uint32_t network;             /* its address, which no host has; ours where it has none */
	uint8_t prefix_bits;          /* of mask */
	uint16_t id;                  /* of what routers may fragment */
	struct ip_bindings bindings;
	ip_input_fn *dhcp; /* given UDP to port 68; NULL: whoever has bound UDP is */
	void *dhcp_self;
	struct ipv4_hooks hook[IPV4_HOOKS];
	COUNTED(struct ipv4_stats, stats);
};

/* A group of hosts (RFC 1112 section 4). */
static inline bool ipv4_is_group(uint32_t addr)
{
	return addr >> 28 == 14;
}

/* A unicast address that a host of the subnet can have (RFC 1122 section 3.2.1.3, RFC 3021). */
bool ipv4_is_host(struct ipv4_prefix p);

/* 0, for none, or another host of the subnet; of a subnet of one address (/32) any host. */
bool ipv4_is_gateway(struct ipv4_prefix prefix, uint32_t gateway);

/*
 * Makes a network layer with the address and subnet `prefix` over `eth`, which is started, binds it
 * there, and has `arp` announce the address; 0.0.0.0/0 is none yet. ERR_INVALID for an address that
 * no host can have, or a gateway that ipv4_is_gateway() denies. ERR_UNSUPPORTED for an MTU that is
 * too small for IPv4. A log line says which. The errors of eth_bind() and eth_join_group().
 */
MUST_USE enum err ipv4_start(struct ipv4 *ipv4, struct eth *eth, struct arp *arp,
			     struct ipv4_prefix prefix, uint32_t gateway, uint64_t now_us);

/*
 * Changes the address, at any time between two packets; 0.0.0.0/0 takes it away. Checked, logged
 * and announced as by ipv4_start(); not OK: nothing has changed. What transports have over the old
 * address gets no packets any more; TCP ends such a connection when it would send something again.
 */
MUST_USE enum err ipv4_set_address(struct ipv4 *ipv4, uint64_t now_us, struct ipv4_prefix prefix,
				   uint32_t gateway);

/* Sets who answers ip_unreachable(), called with `self`. Until then such packets are freed. */
void ipv4_set_unreachable(struct ipv4 *ipv4, ipv4_unreachable_fn *fn, void *self);

/*
 * Has UDP to port 68 given to input(self, …), an interface's own DHCP client, from now on, whoever
 * binds UDP.
 */
void ipv4_set_dhcp_client(struct ipv4 *ipv4, ip_input_fn *input, void *self);

#endif
