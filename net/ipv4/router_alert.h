/* SPDX-License-Identifier: ISC */
/*
 * The Router Alert option of IPv4 (RFC 2113), which messages of group management have, so that
 * routers read them though they are not members. All calls come from the event loop.
 */
#ifndef NET_IPV4_ROUTER_ALERT_H
#define NET_IPV4_ROUTER_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/ipv4/ipv4.h"

/* ip_output() to a group with the option; meta->src may be 0.0.0.0. */
MUST_USE enum err ipv4_output_router_alert(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
					   const struct ip_meta *meta);

/* Whether a received packet, as it came to ip_input_fn, has that option. */
bool ipv4_has_router_alert(const struct pkt *p);

#endif
