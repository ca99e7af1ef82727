/* SPDX-License-Identifier: ISC */
#include "runtime/devices.h"

#include <string.h>

#include "runtime/console.h"
#include "runtime/start.h"

static unsigned started;

void device_started(enum err e)
{
	static const char *next = application_devices, *where;
	const char *name = next, *place = name + strlen(name) + 1;
	if (*place != '\0')
		where = place;
	if (e != OK) {
		console_printf("error: %s does not start: %s (%s)\n", name, err_str(e), where);
		stop_devices();
		stop(STATUS_ERROR);
	}
	next = place + strlen(place) + 1;
	started++;
	boot_mark(name);
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
