/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/connect.h"

#include "runtime/time.h"

struct connecting {
	struct connector_request request;
	struct stream *stream;
	struct fiber *fiber;
	bool done;
};

static void done(struct connector_request *r, uint64_t now_us)
{
	struct connecting *c = container_of(r, struct connecting, request);

	(void)now_us;
	/* Here, not in the fiber: no event may come before the stream has the flow. */
	if (r->error == OK) {
		stream_init(c->stream, r->flow);
		c->stream->connected = true;
	}
	c->done = true;
	fiber_wake(c->fiber);
}

enum err stream_connect(struct stream *s, struct connector *connector, const char *host,
			uint16_t port, uint64_t deadline_us)
{
	struct connecting c = {.request.done = done, .stream = s, .fiber = fiber_current()};

	enum err e = connector_start(connector, &c.request, host, port, time_now_us());
	if (e != OK)
		return e;
	while (!c.done) {
		e = fiber_park_until(deadline_us);
		if (e != OK && !c.done) {
			connector_cancel(connector, &c.request);
			return e;
		}
	}
	return c.request.error;
}
