/* SPDX-License-Identifier: ISC */
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/time.h"
#include "unikernel.h"

/* Lives for longer than the watchdog would wait. */
int watched(struct timer *timer)
{
	(void)timer;
	for (unsigned i = 1; i <= 3; i++) {
		fiber_sleep(US_PER_S / 2);
		console_printf("half second %u\n", i);
	}
	return 0;
}
