/* SPDX-License-Identifier: ISC */
/* The watchdog that restarts an image which hangs. */
#ifndef RUNTIME_WATCHDOG_FEEDER_CFG_H
#define RUNTIME_WATCHDOG_FEEDER_CFG_H

#include <fata/module.h>

#include "hal/board.cfg.h"

SIGNATURE(watchdog_feeder, "struct watchdog_feeder *", "runtime/watchdog_feeder/watchdog_feeder.h");

struct watchdog_options {
	const char *timeout; /* initial value of the key */
};

static inline watchdog_feeder_t watchdog_fed(watchdog_t dog, const struct watchdog_options *o)
{
	static const struct fata_spec spec = {
		.kind = "watchdog_feeder",
		.about = "feeds the watchdog",
		.signature = &fata_signature_watchdog_feeder,
		.modules = "runtime/watchdog_feeder",
		.headers = "runtime/watchdog_feeder/watchdog_feeder.h",
		.state = "static struct watchdog_feeder $self;",
		.value = "&$self",
		.start = "return watchdog_feeder_start(&$self, $dog, $timeout);",
		.stop = "watchdog_feeder_stop(&$self);",
		.poll = "watchdog_feeder_poll(&$self, now_us)",
		.own_task = true,
	};
	key timeout = key_duration("watchdog", o->timeout,
				   "restarts the machine when it has hung for so long; 0s: never");
	struct fata_node *node = fata_device(
		&spec, NULL,
		FATA_USES({"dog", dog.node}, {"timeout", timeout.node}, {"loop", fata_loop()}));

	fata_attach(fata_loop(), node);
	return (watchdog_feeder_t){node};
}

#define WATCHDOG_DEFAULTS      .timeout = "10s"
#define WATCHDOG_OPTIONS(...)  (&(const struct watchdog_options){WATCHDOG_DEFAULTS, __VA_ARGS__})
#define watchdog_fed(DOG, ...) FATA_HERE(watchdog_fed((DOG), WATCHDOG_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(watchdog_fed,
	    "watchdog_feeder_t watchdog_fed(watchdog_t dog, " FATA_TEXT_OF(WATCHDOG_DEFAULTS) ")",
	    "restarts the machine when the event loop has hung for so long")

#endif
