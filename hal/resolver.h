/* SPDX-License-Identifier: ISC */
/*
 * A resolver: the addresses of a host, by its name. DNS provides it; a table of hosts could.
 *
 * The caller owns a struct resolver_request and lends it: resolver_start() answering OK means that
 * done() is called exactly once, later, from the event loop, unless resolver_cancel() comes first.
 * It is never called inside resolver_start(). From then on the request is the caller's again, who
 * may start it anew inside done(). Nothing here blocks; everything is for the event loop only. For
 * fibers there is runtime/fiber/resolve.h.
 */
#ifndef HAL_RESOLVER_H
#define HAL_RESOLVER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/list.h"

enum { RESOLVER_ADDRESSES_MAX = 8 };

enum resolver_family { RESOLVER_IPV4, RESOLVER_IPV6 };

struct resolver_request {
	struct list node; /* the resolver's */
	/* Set by the caller. */
	void (*done)(struct resolver_request *r, uint64_t now_us);
	void *arg;
	/*
	 * The outcome, for done(). OK: there are `count` addresses, at least one. ERR_NOTFOUND: no
	 * such name, or none of its addresses is of this family; ERR_TIMEOUT: nobody answered;
	 * ERR_REFUSED, ERR_IO, ERR_UNREACHABLE and others: who could have answered did not.
	 */
	enum err error;
	unsigned count;
	struct ip_addr address[RESOLVER_ADDRESSES_MAX];
};

struct resolver;

struct resolver_ops {
	enum err (*start)(struct resolver *r, struct resolver_request *request, const char *name,
			  enum resolver_family family, uint64_t now_us);
	void (*cancel)(struct resolver *r, struct resolver_request *request);
};

struct resolver {
	const struct resolver_ops *ops;
};

/*
 * Asks for the addresses of `name`, NUL-terminated and borrowed: a host name with or without a dot
 * at its end, or the text of an address, which is its own answer. ERR_INVALID: it is neither (RFC
 * 1123 section 2.1); ERR_NOMEM: too many questions are open; ERR_NOTREADY: no server is known, or
 * random numbers are not. Then done() is not called.
 */
MUST_USE static inline enum err resolver_start(struct resolver *r, struct resolver_request *request,
					       const char *name, enum resolver_family family,
					       uint64_t now_us)
{
	return r->ops->start(r, request, name, family, now_us);
}

/* Takes back a request that was started. If it is done already nothing happens. */
static inline void resolver_cancel(struct resolver *r, struct resolver_request *request)
{
	r->ops->cancel(r, request);
}

#endif
