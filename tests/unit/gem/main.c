/* SPDX-License-Identifier: ISC */
#include "tests/unit/gem/rig.h"

int main(void)
{
	return run_link_tests() + run_frame_tests() + run_fault_tests();
}
