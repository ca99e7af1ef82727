/* SPDX-License-Identifier: ISC */
#include "tests/unit/sd/rig.h"

int main(void)
{
	return run_register_tests() + run_identify_tests() + run_mmc_tests() +
	       run_transfer_tests() + run_host_tests() + run_pl181_tests();
}
