/* SPDX-License-Identifier: ISC */
/*
 * What fibers use to wait for each other: mutex, condition and channel.
 *
 * Fibers are not preempted, so plain data needs no lock; a mutex is for what must stay whole while
 * its holder waits for something. Waiters are served in order of arrival. The caller owns each
 * structure, which must outlive its waiters. Calls that wait are for fibers only; the others may
 * also be made from tasks and timeouts. None is for interrupt handlers.
 */
#ifndef RUNTIME_SYNC_H
#define RUNTIME_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"
#include "runtime/fiber/fiber.h"

struct mutex {
	struct fiber *owner;
	struct list waiters;
};

void mutex_init(struct mutex *m);

/* Waits until the running fiber holds the mutex. It must not hold it already (asserted). */
void mutex_lock(struct mutex *m);

/* True if the running fiber now holds it. Does not wait. */
MUST_USE bool mutex_try_lock(struct mutex *m);

/* Hands the mutex to the first waiter. Asserts that the running fiber holds it. */
void mutex_unlock(struct mutex *m);

struct condition {
	struct list waiters;
};

void condition_init(struct condition *c);

/*
 * Releases `m`, waits for a signal, takes `m` again. The caller then looks again whether what it
 * waits for is so.
 */
void condition_wait(struct condition *c, struct mutex *m);

/* The same, until `deadline_us` at the latest; then ERR_TIMEOUT, with `m` held too. ERR_CANCELLED.
 */
enum err condition_wait_until(struct condition *c, struct mutex *m, uint64_t deadline_us);

/* Ends the wait of the first waiter, or of all. */
void condition_signal(struct condition *c);
void condition_broadcast(struct condition *c);

/* A queue of a fixed number of elements of one size, which are copied in and out. */
struct channel {
	uint8_t *elements;
	size_t element_bytes;
	uint32_t capacity, first, count;
	bool closed;
	struct list senders, receivers;
};

/* `elements` is room for `capacity` elements of `element_bytes`; it must outlive the channel. */
void channel_init(struct channel *c, void *elements, size_t element_bytes, uint32_t capacity);

/*
 * Copies `element` into the channel, waiting for room until `deadline_us` (TIME_NEVER: as long as
 * it takes; 0: not at all). ERR_TIMEOUT; ERR_CANCELLED; ERR_CLOSED.
 */
MUST_USE enum err channel_send(struct channel *c, const void *element, uint64_t deadline_us);

/*
 * Takes the oldest element out, waiting for one likewise. ERR_TIMEOUT; ERR_CANCELLED; ERR_EOF once
 * the channel is closed and empty.
 */
MUST_USE enum err channel_receive(struct channel *c, void *element, uint64_t deadline_us);

/* The same without waiting: ERR_AGAIN when full or empty. From tasks and timeouts too. */
MUST_USE enum err channel_try_send(struct channel *c, const void *element);
MUST_USE enum err channel_try_receive(struct channel *c, void *element);

/* Refuses further elements; those in the channel can still be taken. */
void channel_close(struct channel *c);

#endif
