/* SPDX-License-Identifier: ISC */
/*
 * The clock chip: QEMU's PL031 has the host's time.
 */
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/rtc/pl031/pl031.h"
#include "hal/board.h"

struct clock *board_clock(void)
{
	static struct pl031 rtc;
	uintptr_t base = qemu_virt_machine.rtc.base;

	if (base == 0 || pl031_init(&rtc, base) != OK)
		return NULL;
	return &rtc.clock;
}
