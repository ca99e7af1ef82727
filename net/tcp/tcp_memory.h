/* SPDX-License-Identifier: ISC */
/*
 * What an instance's entries take of its memory (tcp.c): less where an image leaves parts out.
 */
#ifndef NET_TCP_TCP_MEMORY_H
#define NET_TCP_TCP_MEMORY_H

#include "net/tcp/tcp_internal.h"

/* Whether a device of the image may cut segments. */
ALWAYS_INLINE bool tcp_cuts(void)
{
	return (netif_features_any & (NETIF_TSO4 | NETIF_TSO6)) != 0;
}

/* What an entry takes of the memory: without what parts use that the image has not. An entry is
 * never assigned as a whole. */
ALWAYS_INLINE size_t tcp_half_open_bytes(void)
{
	return tcp_parts.timestamps ? sizeof(struct tcp_half_open)
				    : offsetof(struct tcp_half_open, ts);
}

ALWAYS_INLINE size_t tcp_time_wait_bytes(void)
{
	return tcp_parts.timestamps ? sizeof(struct tcp_time_wait)
				    : offsetof(struct tcp_time_wait, ts);
}

/* One of a pool, cleared; or NULL. */
void *tcp_entry_new(struct pool *pool);

#endif
