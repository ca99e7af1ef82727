/* SPDX-License-Identifier: ISC */
/*
 * Connecting to a host by its name, over TCP and a resolver: happy eyeballs (RFC 8305).
 *
 * It is used through hal/connector.h: connect_connector(). IPv6 and IPv4 addresses are asked for at
 * once. As soon as there is an answer of the preferred family, or 50 ms after the other one,
 * addresses are tried in the order of RFC 6724, families by turns: each 250 ms after the one before
 * or as soon as that has failed, until one is established, and the others are aborted. So a family
 * that does not work costs a quarter of a second, not a timeout.
 *
 * An address to which there is no way yet, because one of our own is still being looked for
 * (DHCP, a router's advertisement, RFC 4862 section 5.4), waits beside the others: it is tried in
 * its order as soon as there is one. A request for which only such addresses are left waits for up
 * to CONNECT_READY_US. What has had no way for so long is taken to have none, so that on a network
 * of one family the other costs that time once, not with each host that refuses.
 *
 * An image without IPv6 names no struct connect_families: it asks for IPv4 addresses alone, tries
 * them in the order in which they come, and holds none of the rest.
 *
 * A state machine without I/O: memory is the caller's, time is an argument, and all calls come from
 * the event loop.
 */
#ifndef NET_CONNECT_CONNECT_H
#define NET_CONNECT_CONNECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/inet.h"
#include "base/waker.h"
#include "hal/connector.h"
#include "hal/resolver.h"
#include "hal/timer.h"
#include "net/tcp/tcp.h"

enum {
	CONNECT_ADDRESSES_MAX = 2 * RESOLVER_ADDRESSES_MAX, /* of one host */
	CONNECT_FLOWS_MAX = 4,                              /* that one request tries at a time */
	CONNECT_RESOLUTION_US = 50 * US_PER_MS,             /* RFC 8305 section 8 */
	CONNECT_ATTEMPT_US = 250 * US_PER_MS,
	/* For an address of ours: beyond that of a router that was asked twice (RFC 4861 section
	 * 10), and how often it is looked whether there is one. */
	CONNECT_READY_US = 5 * US_PER_S,
	CONNECT_AGAIN_US = 50 * US_PER_MS,
};

/* What only an image with both families needs. */
struct connect_families {
	/* Sorts `n` addresses, the best first. The last one tried was `last`, or NULL. */
	void (*order)(struct ip *ip, struct ip_addr *addresses, unsigned n,
		      const struct ip_addr *last);
	/* The address that `text` is. */
	enum err (*parse)(const char *text, struct ip_addr *address);
};

extern const struct connect_families connect_both_families;

struct connect_config {
	uint16_t requests;                       /* at one time; about 1 KiB each */
	const struct connect_families *families; /* NULL: IPv4 alone */
};

struct connect_stats {
	uint32_t requests, established, failed, cancelled;
	uint32_t attempts;      /* connections begun */
	uint32_t late;          /* established by another than the first attempt */
	uint32_t out_of_memory; /* requests refused: too many */
};

/* It, described (base/counter.h). */
extern const struct counters connect_counters;

struct connect;

/* Bytes of memory that connect_init() needs for `config`. */
size_t connect_memory_bytes(const struct connect_config *config);

/*
 * Makes a connector in `memory` (8-byte aligned, connect_memory_bytes() long) and returns it.
 * Without a `resolver` (NULL) hosts are texts of addresses only. `work` is woken when
 * connect_poll() should be called.
 */
struct connect *connect_init(void *memory, const struct connect_config *config, struct tcp *tcp,
			     struct resolver *resolver, struct waker work);

/* The connector that users get. */
struct connector *connect_connector(struct connect *c);

/* Begins what is due. Returns the time of the next call, or TIME_NEVER. */
uint64_t connect_poll(struct connect *c, uint64_t now_us);

/* Counters; borrowed, live. */
const struct connect_stats *connect_stats(const struct connect *c);

#endif
