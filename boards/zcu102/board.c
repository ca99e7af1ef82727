/* SPDX-License-Identifier: ISC */
/*
 * AMD's evaluation board ZCU102. See boards/soc/zynqmp.
 */
#include "hal/board.h"
#include "boards/soc/zynqmp/zynqmp.h"
#include "drivers/net/phy/dp83867.h"

const char board_name[] = "zcu102";

const struct mmu_region board_regions[] = {ZYNQMP_REGIONS};

/* 2.25 and 2.75 ns, as Linux's device tree has them. */
static enum err phy_setup(struct phy *p)
{
	return dp83867_setup(p, (struct dp83867_delays){.rx_steps = 9, .tx_steps = 11});
}

/*
 * Of 4 GiB a quarter, which QEMU has too; a device tree says more. The PHY is a DP83867 at 12, and
 * QEMU has another elsewhere.
 */
const struct zynqmp_board zynqmp_board = {
	.ram_bytes = 1024u << 20,
	.gem = 3,
	.gem_phy = PHY_ADDRESS_ANY,
	.gem_phy_setup = phy_setup,
	.sdhci = 1,
};
