/* SPDX-License-Identifier: ISC */
/*
 * A connector (hal/connector.h) in direct style, for fibers.
 */
#ifndef RUNTIME_CONNECT_H
#define RUNTIME_CONNECT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/connector.h"
#include "runtime/fiber/stream.h"

/*
 * Connects `s` to `port` of `host`, a name or the text of an address, until `deadline_us` at the
 * latest. OK: the stream is established, and ends with stream_close() or stream_abort(). Else there
 * is none: ERR_TIMEOUT; ERR_CANCELLED; the errors of hal/connector.h.
 */
MUST_USE enum err stream_connect(struct stream *s, struct connector *c, const char *host,
				 uint16_t port, uint64_t deadline_us);

#endif
