/* SPDX-License-Identifier: ISC */
/* Between the files of the driver. */
#ifndef DRIVERS_NET_PHY_PHY_INTERNAL_H
#define DRIVERS_NET_PHY_PHY_INTERNAL_H

#include "base/attr.h"
#include "drivers/net/phy/phy.h"
#include "drivers/net/phy/phy_regs.h"

/* phy_link.c: writes what is offered, and has it negotiate. */
MUST_USE enum err phy_offer(const struct phy *p);

/* Reads what was negotiated. ERR_NOTFOUND: the two have nothing in common. */
MUST_USE enum err phy_resolve(const struct phy *p, struct phy_link *link);

#endif
