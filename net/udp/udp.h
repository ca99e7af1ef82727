/* SPDX-License-Identifier: ISC */
/*
 * UDP (RFC 768) over any network layer of net/ip/ip.h.
 *
 * A socket is a port with a callback, in a structure that the caller owns. A datagram is given to
 * the callback, which may keep the packet, answer with it, or free it. Nothing is queued here, so
 * nothing can pile up; a datagram to a port without a socket is answered by an ICMP unreachable.
 * One to a group of hosts is given to a socket that has joined that very group.
 */
#ifndef NET_UDP_UDP_H
#define NET_UDP_UDP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/list.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "net/ip/ip.h"

struct udp_stats {
	uint64_t in, out;
	uint32_t bad_length, bad_checksum, no_port;
	uint32_t errors;     /* of ICMP, that a socket was told */
	uint32_t not_joined; /* to a group that its port's socket has not joined */
};

/* It, described (base/counter.h). */
extern const struct counters udp_counters;

struct udp {
	struct ip *ip;
	struct rng *rng;
	struct list sockets;
	COUNTED(struct udp_stats, stats);
};

struct udp_peer {
	struct ip_addr addr;
	uint16_t port;
};

/* Of one socket. */
#ifdef PLAIN_IPV4
enum { UDP_GROUPS_MAX = 0 };
#else
enum { UDP_GROUPS_MAX = BY_MEMORY(2, 4) };
#endif

struct udp_socket {
	struct list node;
	uint16_t port;
	uint8_t ttl; /* of what is sent; 0: the default, see struct ip_meta */
	uint8_t n_groups;
	struct ip_addr group[UDP_GROUPS_MAX]; /* that udp_join() joined */
	/* Is given the packet, at the payload. `local` is the address it was sent to. */
	void (*input)(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		      const struct udp_peer *peer, const struct ip_addr *local);
	/*
	 * NULL, or is told that an ICMP error came back about a datagram to `peer`: ERR_REFUSED:
	 * nobody is at the port; ERR_UNREACHABLE; ERR_INVALID: it was too long, `mtu` is what fits
	 * (else 0). Whoever can guess the port can forge it, so it is a hint (RFC 8085
	 * section 5.2).
	 */
	void (*error)(struct udp_socket *s, uint64_t now_us, const struct udp_peer *peer,
		      enum err error, uint16_t mtu);
};

/* Binds UDP to `ip`. `rng` draws the ephemeral ports. ERR_EXISTS. */
MUST_USE enum err udp_init(struct udp *udp, struct ip *ip, struct rng *rng);

/*
 * The same without binding it: for a user of its own, to whom somebody hands datagrams by
 * udp_input(), an ip_input_fn whose `self` is the struct udp.
 */
void udp_init_apart(struct udp *udp, struct ip *ip, struct rng *rng);
void udp_input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta);

/*
 * Opens `s` on s->port or, if that is 0, on a free ephemeral port that no stranger can predict (RFC
 * 6056 section 3.3.1). ERR_EXISTS, ERR_NOMEM when all are taken, and the errors of rng_read().
 */
MUST_USE enum err udp_open(struct udp *udp, struct udp_socket *s);

/* Closes a socket, which has left its groups. */
void udp_close(struct udp *udp, struct udp_socket *s);

/*
 * Has `s`, which is open, receive what is sent to its port of `group`. Of other groups than it has
 * joined it receives nothing, the group of all hosts excepted. The errors of ip_join(); ERR_EXISTS
 * if it has joined it already, ERR_NOMEM if it is in UDP_GROUPS_MAX of them.
 */
MUST_USE enum err udp_join(struct udp *udp, struct udp_socket *s, uint64_t now_us,
			   const struct ip_addr *group);

/* Takes udp_join() back; without one it asserts. */
void udp_leave(struct udp *udp, struct udp_socket *s, uint64_t now_us, const struct ip_addr *group);

/*
 * Sends p, whose data is the payload, from the socket's port. `from` may be NULL: the route's
 * source address. As ip_output(): OK means that the packet was given. p needs 8 bytes of headroom
 * more than IP_OUTPUT_HEADROOM; one that input() was given has what it needs. Too little asserts.
 */
MUST_USE enum err udp_send(struct udp *udp, struct udp_socket *s, uint64_t now_us, struct pkt *p,
			   const struct udp_peer *to, const struct ip_addr *from);

/* The same from the route's source address, but what is not sent is freed: the packet is given. */
enum err udp_send_or_put(struct udp *udp, struct udp_socket *s, uint64_t now_us, struct pkt *p,
			 const struct udp_peer *to);

#endif
