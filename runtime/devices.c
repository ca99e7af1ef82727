/* SPDX-License-Identifier: ISC */
#include "runtime/devices.h"

#include "runtime/console.h"
#include "runtime/start.h"

static unsigned started;

enum err device_started(enum err e)
{
	const struct device *d = &application_devices[started];
	if (e != OK) {
		console_printf("error: %s does not start: %s (%s)\n", d->name, err_str(e),
			       d->where);
		return e;
	}
	started++;
	boot_mark(d->name);
	return OK;
}

void device_failed(const char *name)
{
	console_write("error: ");
	console_write(name);
	console_write(" does not start\n");
}

unsigned devices_started(void)
{
	return started;
}
