/* SPDX-License-Identifier: ISC */
#include "tests/unit/usb/rig.h"

int main(void)
{
	return run_bus_tests() + run_frame_tests() + run_fault_tests() + run_plug_tests() +
	       run_lan95xx_tests() + run_lan78xx_tests();
}
