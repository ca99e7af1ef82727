/* SPDX-License-Identifier: ISC */
/*
 * The devices of a unikernel, as its configuration lists them: they start one by one, each behind
 * all that it needs, and tell each time how it went. The configuration compiler writes the calls
 * and the table; an application that is wired by hand may too. Not for interrupt handlers.
 */
#ifndef RUNTIME_DEVICES_H
#define RUNTIME_DEVICES_H

#include "base/attr.h"
#include "base/err.h"

/*
 * In the order in which they start two strings for each, one behind the other: the name, for
 * messages, "tcp"; and the line of the configuration that asks for it, "config.c:7", or nothing, if
 * that is as of the one before.
 */
extern const char application_devices[];

/* The halves of device_started(). */
NORETURN void device_refused(enum err e);
void device_next(void);

/*
 * The next device has answered its start with `e`. An error is printed: "error: NAME does not
 * start: REASON (WHERE)"; those before it are stopped, and the image ends with STATUS_ERROR.
 */
ALWAYS_INLINE void device_started(enum err e)
{
	if (e != OK)
		device_refused(e);
	device_next();
}

/* Stops those that have started, the last one first: the application's. */
void stop_devices(void);

/* The same error, but for its reason and place, in an image with brief_faults(), which has no
 * table. */
void device_failed(const char *name);

/* How many of the table have started. */
unsigned devices_started(void);

#endif
