/* SPDX-License-Identifier: ISC */
#include "runtime/devices.h"

#include <string.h>

#include "runtime/console.h"
#include "runtime/start.h"

static const char *next = application_devices;
static unsigned started;

/* The text behind this one. */
static const char *after(const char *text)
{
	return text + strlen(text) + 1;
}

void device_refused(enum err e)
{
	const char *name = application_devices, *where = "";

	for (;; name = after(after(name))) {
		const char *place = after(name);
		if (*place != '\0')
			where = place;
		if (name == next)
			break;
	}
	console_printf("error: %s does not start: %s (%s)\n", name, err_str(e), where);
	stop_devices();
	stop(STATUS_ERROR);
}

void device_next(void)
{
	const char *name = next;

	next = after(after(name));
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
