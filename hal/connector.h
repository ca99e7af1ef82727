/* SPDX-License-Identifier: ISC */
/*
 * A connector: flows to hosts, by their names. net/connect provides it over TCP and a resolver.
 *
 * The caller owns a struct connector_request and lends it: connector_start() answering OK means
 * that done() is called exactly once, later, from the event loop, unless connector_cancel() comes
 * first. It is never called inside connector_start(). From then on the request is the caller's
 * again, who may start it anew inside done(). Nothing here blocks; everything is for the event loop
 * only. For fibers there is stream_connect() (runtime/fiber/connect.h).
 */
#ifndef HAL_CONNECTOR_H
#define HAL_CONNECTOR_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/flow.h"

struct connector_request {
	void *work; /* the connector's */
	/* Set by the caller. */
	void (*done)(struct connector_request *r, uint64_t now_us);
	void *arg;
	/*
	 * The outcome, for done(). OK: `flow` is established and the caller's, who sets its event
	 * inside done(). ERR_NOTFOUND: there is no such name, or it has no addresses; ERR_NOTREADY:
	 * this side has no address, and has got none in some seconds; ERR_REFUSED, ERR_TIMEOUT,
	 * ERR_UNREACHABLE and others: of the last address that was tried.
	 */
	enum err error;
	struct flow *flow;
};

struct connector;

struct connector_ops {
	enum err (*start)(struct connector *c, struct connector_request *request, const char *host,
			  uint16_t port, uint64_t now_us);
	void (*cancel)(struct connector *c, struct connector_request *request);
};

struct connector {
	const struct connector_ops *ops;
};

/*
 * Begins to connect to `port` of `host`, NUL-terminated and borrowed: a name, or the text of an
 * address without brackets. ERR_INVALID: it is neither; ERR_NOMEM: too many connections are being
 * made; ERR_NOTREADY: there is no server to resolve names, or none is known. Then done() is not
 * called.
 */
MUST_USE static inline enum err connector_start(struct connector *c,
						struct connector_request *request, const char *host,
						uint16_t port, uint64_t now_us)
{
	return c->ops->start(c, request, host, port, now_us);
}

/*
 * Takes back a request that was started, and whose done() has not been called: what it has begun is
 * aborted.
 */
static inline void connector_cancel(struct connector *c, struct connector_request *request)
{
	c->ops->cancel(c, request);
}

#endif
