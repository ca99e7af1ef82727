/* SPDX-License-Identifier: ISC */
#include "runtime/fiber/resolve.h"

#include <string.h>

#include "runtime/fiber/fiber.h"
#include "runtime/time.h"

struct waiting {
	struct resolver_request request;
	struct fiber *fiber;
	bool done;
};

static void done(struct resolver_request *r, uint64_t now_us)
{
	struct waiting *w = container_of(r, struct waiting, request);

	(void)now_us;
	w->done = true;
	fiber_wake(w->fiber);
}

enum err resolve(struct resolver *r, const char *name, enum resolver_family family,
		 struct ip_addr out[static RESOLVER_ADDRESSES_MAX], unsigned *count,
		 uint64_t deadline_us)
{
	struct waiting w = {.request.done = done, .fiber = fiber_current()};

	*count = 0;
	enum err e = resolver_start(r, &w.request, name, family, time_now_us());
	if (e != OK)
		return e;
	while (!w.done) {
		e = fiber_park_until(deadline_us);
		if (e != OK && !w.done) {
			resolver_cancel(r, &w.request);
			return e;
		}
	}
	*count = w.request.count;
	memcpy(out, w.request.address, w.request.count * sizeof(out[0]));
	return w.request.error;
}
