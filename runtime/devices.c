/* SPDX-License-Identifier: ISC */
#include "runtime/devices.h"

#include "arch/fault.h"
#include "runtime/console.h"
#include "runtime/start.h"

static unsigned started;

enum err device_started(enum err e)
{
	const struct device *d = &application_devices[started];
	if (e != OK) {
		if (!fault_in_words) {
			console_write("error: ");
			console_write(d->name);
			console_write(" does not start\n");
			return e;
		}
		console_printf("error: %s does not start: %s (%s)\n", d->name, err_str(e),
			       d->where);
		return e;
	}
	started++;
	boot_mark(d->name);
	return OK;
}

unsigned devices_started(void)
{
	return started;
}
