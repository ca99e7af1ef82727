/* SPDX-License-Identifier: ISC */
/* What the files of net/ipv4 share. */
#ifndef NET_IPV4_IPV4_INTERNAL_H
#define NET_IPV4_IPV4_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#define LOG_MODULE "ipv4"
#include "base/attr.h"
#include "base/err.h"
#include "base/log.h"
#include "net/ipv4/ipv4.h"
#include "net/ipv4/ipv4_log.h"

/*
 * Gives a packet with its network header to the next hop (IPV4_BROADCAST: to all on the link). OK
 * and errors as of arp_output().
 */
MUST_USE enum err ipv4_send(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, uint32_t hop);

/* 0/8 "this network", 127/8 loopback, 224/4 multicast, 240/4 reserved, the limited broadcast. */
static inline bool ipv4_is_special(uint32_t addr)
{
	return addr - (1u << 24) >= 223u << 24 || addr >> 24 == 127;
}

static inline bool ipv4_is_none(struct ipv4_prefix prefix)
{
	return prefix.addr == 0 && prefix.bits == 0;
}

/* Whether an interface can have the address, or none; logs what is wrong, if anything is. */
MUST_USE enum err ipv4_address_check(const struct netif *netif, struct ipv4_prefix prefix,
				     uint32_t gateway);

/*
 * Takes the address with all that follows from it. Without one the host is alone in a subnet of
 * one, so that a way is found to the limited broadcast only.
 */
void ipv4_address_take(struct ipv4 *ipv4, struct ipv4_prefix prefix, uint32_t gateway);

/* Logs the address that the interface has now. */
void ipv4_address_log(const struct netif *netif, struct ipv4_prefix prefix, uint32_t gateway);

#endif
