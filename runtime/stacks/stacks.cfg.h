/* SPDX-License-Identifier: ISC */
/* How deep stacks have been. */
#ifndef RUNTIME_STACKS_CFG_H
#define RUNTIME_STACKS_CFG_H

#include <fata/module.h>

#include "runtime/loop/loop.cfg.h"

SIGNATURE(stacks, "struct stacks *", "runtime/stacks/stacks.h");

static inline struct fata_node *fata_painted_stacks(void)
{
	static const struct fata_spec spec = {
		.kind = "painted",
		.about = "stacks with a pattern",
		.modules = "runtime/stacks",
		.headers = "runtime/stacks/stacks.h",
		.early = true,
		.start = "stacks_paint();",
	};
	return fata_single(&spec, "painted", FATA_USES());
}

static inline stacks_t watched_stacks(void)
{
	static const struct fata_spec spec = {
		.kind = "stacks",
		.about = "how deep stacks have been",
		.signature = &fata_signature_stacks,
		.archs = "aarch64 armv7a armv7m x86_64",
		.state = "static struct stacks $self;",
		.value = "&$self",
		.start = "stacks_start(&$self);\nreturn OK;",
		.poll = "stacks_poll(&$self, now_us)",
		.own_task = true,
		.counters = "metrics_add_rows($page, &stacks_counters, stacks_row, &$self, $name);",
	};
	struct fata_node *node = fata_device(
		&spec, NULL, FATA_USES({"painted", fata_painted_stacks()}, {"loop", fata_loop()}));

	fata_attach(fata_loop(), node);
	return (stacks_t){node};
}
#define watched_stacks() FATA_HERE(watched_stacks())

FATA_OFFERS(watched_stacks, "stacks_t watched_stacks(void)",
	    "how much of each stack was ever used: in the log at level debug, and as counters")

#endif
