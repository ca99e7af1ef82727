/* SPDX-License-Identifier: ISC */
/* Stores that wait: for several fibers at once, and for the event loop. */
#ifndef RUNTIME_KV_CFG_H
#define RUNTIME_KV_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"

SIGNATURE(kv_queue, "struct kv_queue *", "hal/kv_queue.h");

static inline struct fata_node *fata_shared(struct fata_node *store, bool writable)
{
	const struct fata_spec spec = {
		.kind = "shared",
		.about = "one call of a store at a time",
		.signature = writable ? &fata_signature_kv_rw : &fata_signature_kv,
		.modules = "runtime/kv",
		.headers = "runtime/kv/kv_shared.h",
		.state = "static struct kv_shared $self;",
		.value = writable ? "&$self.rw" : "&$self.rw.kv",
		.start = writable ? "kv_shared_rw_init(&$self, $store);\nreturn OK;"
				  : "kv_shared_init(&$self, $store);\nreturn OK;",
	};

	return fata_device(&spec, NULL, FATA_USES({"store", store}, {"loop", fata_loop()}));
}

static inline kv_t shared(kv_t store)
{
	return (kv_t){fata_shared(store.node, false)};
}
#define shared(STORE) FATA_HERE(shared(STORE))

static inline kv_rw_t shared_rw(kv_rw_t store)
{
	return (kv_rw_t){fata_shared(store.node, true)};
}
#define shared_rw(STORE) FATA_HERE(shared_rw(STORE))

struct kv_queue_options {
	unsigned requests;    /* at one time */
	unsigned stack_bytes; /* of the fiber that makes the calls */
};

static inline kv_queue_t kv_queue(const struct kv_queue_options *o)
{
	enum { REQUESTS_MAX = 4096, STACK_BYTES_MIN = 2048, STACK_BYTES_MAX = 1 << 20 };
	const struct fata_spec spec = {
		.kind = "kv_queue",
		.about = "calls of stores, for the event loop",
		.signature = &fata_signature_kv_queue,
		.modules = "runtime/kv",
		.headers = "runtime/kv/kv_fiber.h",
		.state = "static struct kv_fiber $self;",
		.value = "&$self.queue",
		.start = fata_text("return kv_fiber_start(&$self, %u, %u, $waker);", o->requests,
				   o->stack_bytes),
		.poll = "kv_fiber_poll(&$self, now_us)",
		.own_task = true,
		.ram_bytes = o->stack_bytes,
		.ram_use = "stack",
	};

	if (o->requests < 1 || o->requests > REQUESTS_MAX)
		fata_fault("a queue of %u requests: expected 1 to %u", o->requests, REQUESTS_MAX);
	if (o->stack_bytes < STACK_BYTES_MIN || o->stack_bytes > STACK_BYTES_MAX)
		fata_fault("a queue with a stack of %u bytes: expected %u to %u", o->stack_bytes,
			   STACK_BYTES_MIN, STACK_BYTES_MAX);
	return (kv_queue_t){fata_device(&spec, NULL, FATA_USES({"loop", fata_loop()}))};
}

#define KV_QUEUE_DEFAULTS .requests = 32, .stack_bytes = 8192
#define kv_queue(...)                                                                              \
	FATA_HERE(kv_queue(&(const struct kv_queue_options){KV_QUEUE_DEFAULTS, __VA_ARGS__}))

FATA_OFFERS(shared, "kv_t shared(kv_t store)",
	    "a store over a disk, for several fibers at once: each call waits for its turn")
FATA_OFFERS(shared_rw, "kv_rw_t shared_rw(kv_rw_t store)", "the same of one that can be changed")
FATA_OFFERS(kv_queue, "kv_queue_t kv_queue(" FATA_TEXT_OF(KV_QUEUE_DEFAULTS) ")",
	    "makes calls that wait for those that cannot, such as an HTTP server")

#endif
