/* SPDX-License-Identifier: ISC */
/* What passes an interface, for Wireshark. */
#ifndef NET_CAPTURE_CFG_H
#define NET_CAPTURE_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"
#include "runtime/heap/heap.cfg.h"
#include "runtime/loop/loop.cfg.h"

SIGNATURE(capture, "struct capture *", "net/capture/capture.h");

/* As capture_init() of net/capture/capture.h has them. */
struct capture_options {
	unsigned ring_bytes, snap_bytes;
};

static inline capture_t capture_over(netif_t net, const struct capture_options *o)
{
	enum { RING_MIN = 4096, RING_MAX = 1 << 30, SNAP_MAX = 1514 };

	if (o->ring_bytes < RING_MIN || o->ring_bytes > RING_MAX)
		fata_fault("a capture with a ring of %u bytes: expected %u to %u", o->ring_bytes,
			   RING_MIN, RING_MAX);
	if (o->snap_bytes < 1 || o->snap_bytes > SNAP_MAX)
		fata_fault("a capture of %u bytes of each frame: expected 1 to %u", o->snap_bytes,
			   SNAP_MAX);
	const struct fata_spec spec = {
		.kind = "capture",
		.about = fata_text("the last frames, in %u bytes", o->ring_bytes),
		.signature = &fata_signature_capture,
		.modules = "net/capture",
		.headers =
			"base/attr.h base/wall_clock.h net/capture/capture.h runtime/heap/heap.h",
		.state = "static struct capture $self;",
		.value = "&$self",
		.start = fata_text("uint8_t *ring = memory_take(\"captured frames\", "
				   "CACHE_LINE_BYTES, %u);\n"
				   "capture_init(&$self, $net, $timer, $wall, ring, %u, %u);\n"
				   "return OK;",
				   o->ring_bytes, o->ring_bytes, o->snap_bytes),
		.counters = "metrics_add($page, &capture_counters, &$self.stats, $name);",
		.ram_bytes = o->ring_bytes,
		.ram_use = "captured frames",
	};
	return (capture_t){
		fata_device(&spec, fata_name_over(net.node, "capture"),
			    FATA_USES({"net", net.node}, {"timer", (default_timer)().node},
				      {"wall", (wall_clock)().node}, {"heap", fata_heap()}))};
}
#define CAPTURE_DEFAULTS       .ring_bytes = 256 * 1024, .snap_bytes = 256
#define CAPTURE_OPTIONS(...)   (&(const struct capture_options){CAPTURE_DEFAULTS, __VA_ARGS__})
#define capture_over(NET, ...) FATA_HERE(capture_over((NET), CAPTURE_OPTIONS(__VA_ARGS__)))

/* The interface that stands in front of the captured one: what Ethernet gets. */
static inline netif_t captured(capture_t capture)
{
	static const struct fata_spec spec = {
		.kind = "captured",
		.about = "the captured interface",
		.signature = &fata_signature_netif,
		.headers = "net/capture/capture.h",
		.value = "&($capture)->netif",
	};
	return (netif_t){fata_device(&spec, fata_name_over(capture.node, "captured"),
				     FATA_USES({"capture", capture.node}))};
}
#define captured(CAPTURE) FATA_HERE(captured(CAPTURE))

FATA_OFFERS(capture_over, "capture_t capture_over(netif_t net, " FATA_TEXT_OF(CAPTURE_DEFAULTS) ")",
	    "the last frames of an interface, for a job that gives them a route")
FATA_OFFERS(captured, "netif_t captured(capture_t capture)",
	    "the interface whose frames are captured, to build IP on")

#endif
