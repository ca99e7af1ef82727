/* SPDX-License-Identifier: ISC */
#include "tests/unit/sun8i_emac/rig.h"

int main(void)
{
	return run_start_tests() + run_link_tests() + run_send_tests() + run_receive_tests() +
	       run_fault_tests();
}
