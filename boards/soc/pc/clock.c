/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "boards/soc/pc/pc.h"
#include "drivers/rtc/cmos_rtc/cmos_rtc.h"
#include "drivers/timer/x86_timer/kvmclock.h"
#include "hal/board.h"

/* KVM knows the time of day; elsewhere there is the PC's clock chip, if the machine has one. */
struct clock *board_clock(void)
{
	static struct kvm_wall_clock wall;
	static struct cmos_rtc rtc;

	if (pc_timer()->kvm) {
		kvm_wall_clock_init(&wall, &pc_timer()->page);
		return &wall.clock;
	}
	return cmos_rtc_init(&rtc) == OK ? &rtc.clock : NULL;
}
