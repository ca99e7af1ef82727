/* SPDX-License-Identifier: ISC */
/* Does nothing, for ever or some seconds. */
#include "hal/timer.h"
#include "net/udp/udp.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

int linger(struct udp *udp, uint32_t seconds)
{
	(void)udp;
	boot_ready();
	if (seconds == 0)
		fiber_park_forever();
	fiber_sleep(seconds * (uint64_t)US_PER_S);
	return STATUS_OK;
}
