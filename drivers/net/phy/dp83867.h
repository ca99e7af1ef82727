/* SPDX-License-Identifier: ISC */
/*
 * TI's DP83867, a gigabit PHY: what it needs after its reset where the delays of the lines to the
 * MAC (RGMII) are its task.
 */
#ifndef DRIVERS_NET_PHY_DP83867_H
#define DRIVERS_NET_PHY_DP83867_H

#include "drivers/net/phy/phy.h"

/* Delays are in steps of 0.25 ns, from 0.25 to 4 ns (data sheet, section 8.6.30). */
struct dp83867_delays {
	uint8_t rx_steps, tx_steps; /* from 1 to 16 */
};

/*
 * For phy_config.setup: gives a DP83867 its delays, and its receive control line the meaning that
 * it has whatever the straps say. Other PHYs are left as they are.
 */
MUST_USE enum err dp83867_setup(const struct phy *p, struct dp83867_delays delays);

#endif
