/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

int watch(struct thermometer *thermometer, uint32_t samples, uint64_t interval)
{
	for (uint32_t i = 0; i < samples; i++) {
		int32_t t;
		if (thermometer_read(thermometer, &t) != OK)
			return STATUS_ERROR;
		console_printf("%s%d.%03d degrees\n", t < 0 ? "-" : "", (int)abs(t) / 1000,
			       (int)abs(t) % 1000);
		fiber_sleep(interval);
	}
	return STATUS_OK;
}
