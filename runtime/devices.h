/* SPDX-License-Identifier: ISC */
/*
 * The devices of a unikernel, as its configuration lists them: a table in the order in which they
 * start, each behind all that it needs. The configuration compiler writes it; an application that
 * is wired by hand may too. Not for interrupt handlers.
 */
#ifndef RUNTIME_DEVICES_H
#define RUNTIME_DEVICES_H

#include "base/attr.h"
#include "base/err.h"

struct device {
	const char *name;  /* for messages: "tcp" */
	const char *where; /* the line of the configuration that asks for it: "config.c:7" */
	enum err (*start)(void);
	void (*stop)(void); /* NULL: there is nothing to undo */
};

/*
 * Starts the `n` devices in order. At the first that fails it prints "error: NAME does not start:
 * REASON (WHERE)", stops those that have started, the last one first, and returns the error.
 */
MUST_USE enum err devices_start(const struct device *devices, unsigned n);

/* Stops all `n`, which have started, the last one first. */
void devices_stop(const struct device *devices, unsigned n);

#endif
