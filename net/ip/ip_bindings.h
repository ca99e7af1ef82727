/* SPDX-License-Identifier: ISC */
/*
 * What a network layer of either family has for transports: a small table of those that are bound,
 * and the groups that they have joined.
 */
#ifndef NET_IP_IP_BINDINGS_H
#define NET_IP_IP_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/ip/ip.h"

enum { IP_BINDINGS_MAX = BY_MEMORY(4, 6) };

struct ip_binding {
	uint8_t proto;
	ip_input_fn *input;
	ip_error_fn *error;
	void *self;
};

/* Zeroed, it is empty. */
struct ip_bindings {
	unsigned n;
	struct ip_binding at[IP_BINDINGS_MAX + 1]; /* the latest first; one without input */
};

/* A packet that this side sent, as an ICMP error quotes it, and what that says of it. */
struct ip_quote {
	struct ip_meta meta;      /* of the packet as it was sent */
	const uint8_t *transport; /* borrowed from the message */
	uint32_t transport_bytes; /* 8 at the least */
	enum err error;           /* for ip_error_fn */
	uint16_t mtu;             /* the same */
};

/* The latest is first: ICMP and others that few packets are for are bound before. */
ALWAYS_INLINE const struct ip_binding *ip_bindings_find(const struct ip_bindings *bindings,
							uint8_t proto)
{
	for (const struct ip_binding *b = bindings->at; b->input != NULL; b++) {
		if (b->proto == proto)
			return b;
	}
	return NULL;
}

/* ip_bind() */
MUST_USE enum err ip_bindings_add(struct ip_bindings *bindings, uint8_t proto, ip_input_fn *input,
				  ip_error_fn *error, void *self);

/*
 * Shows an ICMP error to the transport that sent the packet, if there is one. False if nobody was
 * there to be told.
 */
bool ip_bindings_report(const struct ip_bindings *bindings, uint64_t now_us,
			const struct ip_quote *q);

/* ip_join() and ip_leave() of a layer of IPv4, or of IPv6. */
MUST_USE enum err ip_groups_join(const struct ip_groups *groups, bool v4, uint64_t now_us,
				 const struct ip_addr *group);
void ip_groups_leave(const struct ip_groups *groups, bool v4, uint64_t now_us,
		     const struct ip_addr *group);

/* Whether a transport has joined the group, which is of the layer's family. */
static inline bool ip_groups_have(const struct ip_groups *groups, const struct ip_addr *group)
{
	return groups->ops != NULL && groups->ops->is_member(groups->self, group);
}

#endif
