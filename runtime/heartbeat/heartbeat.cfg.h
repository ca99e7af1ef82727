/* SPDX-License-Identifier: ISC */
/* A light that shows that the event loop runs. */
#ifndef RUNTIME_HEARTBEAT_CFG_H
#define RUNTIME_HEARTBEAT_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"

SIGNATURE(heartbeat, "struct heartbeat *", "runtime/heartbeat/heartbeat.h");

struct heartbeat_options {
	unsigned on_ms, off_ms;
};

static inline heartbeat_t heartbeat_on(led_t led, const struct heartbeat_options *o)
{
	enum { MS_MAX = 60000 };
	const struct fata_spec spec = {
		.kind = "heartbeat",
		.about = "blinking light",
		.signature = &fata_signature_heartbeat,
		.modules = "runtime/heartbeat",
		.headers = "runtime/heartbeat/heartbeat.h",
		.state = "static struct heartbeat $self;",
		.value = "&$self",
		.start = fata_text("heartbeat_start(&$self, $led, %u, %u);\nreturn OK;", o->on_ms,
				   o->off_ms),
		.stop = "heartbeat_stop(&$self);",
		.poll = "heartbeat_poll(&$self, now_us)",
		.own_task = true,
	};
	struct fata_node *node =
		fata_device(&spec, NULL, FATA_USES({"led", led.node}, {"loop", fata_loop()}));

	if (o->on_ms < 1 || o->on_ms > MS_MAX || o->off_ms < 1 || o->off_ms > MS_MAX)
		fata_fault("heartbeat of %u and %u ms: expected 1 to %u", o->on_ms, o->off_ms,
			   MS_MAX);
	fata_attach(fata_loop(), node);
	return (heartbeat_t){node};
}

#define HEARTBEAT_DEFAULTS     .on_ms = 100, .off_ms = 900
#define HEARTBEAT_OPTIONS(...) (&(const struct heartbeat_options){HEARTBEAT_DEFAULTS, __VA_ARGS__})
#define heartbeat_on(LED, ...) FATA_HERE(heartbeat_on((LED), HEARTBEAT_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(heartbeat_on,
	    "heartbeat_t heartbeat_on(led_t led, " FATA_TEXT_OF(HEARTBEAT_DEFAULTS) ")",
	    "blinks as long as the event loop runs")

#endif
