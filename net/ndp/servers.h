/* SPDX-License-Identifier: ISC */
/*
 * Name servers and search domains that routers advertise (RFC 8106): RDNSS and DNSSL.
 *
 * A part of net/ndp that sets itself in there; without it these options are skipped. Watchers of
 * net/ndp are called when something of it changes. Both lists are bounded; when one is full, what
 * would be gone first makes room. All calls come from the event loop.
 */
#ifndef NET_NDP_SERVERS_H
#define NET_NDP_SERVERS_H

#include <stdint.h>

#include "base/inet.h"
#include "net/ndp/ndp.h"

enum {
	NDP_SERVERS_MAX = 4,
	NDP_DOMAINS_MAX = 2,
	NDP_DOMAIN_CHARS = 64, /* of a domain, with its NUL; longer ones are skipped */
};

struct ndp_server {
	struct ip_addr addr;
	uint64_t until_us; /* 0: free */
};

struct ndp_domain {
	char name[NDP_DOMAIN_CHARS]; /* "example.org" */
	uint64_t until_us;           /* 0: free */
};

struct ndp_servers {
	struct ndp *ndp;
	struct ndp_server server[NDP_SERVERS_MAX];
	struct ndp_domain domain[NDP_DOMAINS_MAX];
	char name[NDP_DOMAIN_CHARS]; /* that is being read */
};

/* Has `ndp`, which has been started, keep in `s` what routers say from now on. */
void ndp_servers_init(struct ndp_servers *s, struct ndp *ndp);

/* The servers known now, to `out`; returns how many. */
unsigned ndp_servers_get(const struct ndp_servers *s, struct ip_addr out[static NDP_SERVERS_MAX]);

#endif
