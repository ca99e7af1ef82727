/* SPDX-License-Identifier: ISC */
/*
 * A resolver (hal/resolver.h) in direct style, for fibers.
 */
#ifndef RUNTIME_RESOLVE_H
#define RUNTIME_RESOLVE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"
#include "hal/resolver.h"

/*
 * Waits for the addresses of `name`, until `deadline_us` at the latest. OK: *count of them, at
 * least 1, are in `out`. ERR_NOTFOUND: there are none of this family; ERR_TIMEOUT; ERR_CANCELLED;
 * the other errors of hal/resolver.h. Then *count is 0.
 */
MUST_USE enum err resolve(struct resolver *r, const char *name, enum resolver_family family,
			  struct ip_addr out[static RESOLVER_ADDRESSES_MAX], unsigned *count,
			  uint64_t deadline_us);

#endif
