/* SPDX-License-Identifier: ISC */
#include "runtime/devices.h"

#include <stddef.h>

#include "runtime/console.h"
#include "runtime/start.h"

enum err devices_start(const struct device *devices, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct device *d = &devices[i];
		enum err e = d->start();
		if (e != OK) {
			console_printf("error: %s does not start: %s (%s)\n", d->name, err_str(e),
				       d->where);
			devices_stop(devices, i);
			return e;
		}
		boot_mark(d->name);
	}
	return OK;
}

void devices_stop(const struct device *devices, unsigned n)
{
	while (n-- > 0) {
		if (devices[n].stop != NULL)
			devices[n].stop();
	}
}
