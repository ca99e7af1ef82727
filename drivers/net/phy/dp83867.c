/* SPDX-License-Identifier: ISC */
#include "drivers/net/phy/dp83867.h"

#include "base/assert.h"

enum {
	ID = 0x2000a230, /* without its revision, which are the lowest four bits */
	REVISION = 0xf,
	DEVICE = 31, /* of clause 45, where its own registers are */
	STEPS_MAX = 16,

	CONFIG4 = 0x31,
	CONFIG4_TEST_MODE = 0x80, /* the strap of a line that boards have pulled wrongly */
	RGMII = 0x32,
	RGMII_TX_DELAY = 0x02,
	RGMII_RX_DELAY = 0x01,
	RGMII_ON = 0x80,
	DELAYS = 0x86,
	DELAYS_TX_SHIFT = 4,
};

/* Writes a register of its own with `clear` taken out and `set` put in. */
static enum err change(const struct phy *p, unsigned reg, uint16_t clear, uint16_t set)
{
	uint16_t value;
	enum err e = phy_mmd_read(p, DEVICE, reg, &value);

	if (e != OK)
		return e;
	return phy_mmd_write(p, DEVICE, reg, (uint16_t)((value & ~clear) | set));
}

enum err dp83867_setup(const struct phy *p, struct dp83867_delays delays)
{
	enum err e;

	assert(delays.rx_steps >= 1 && delays.rx_steps <= STEPS_MAX);
	assert(delays.tx_steps >= 1 && delays.tx_steps <= STEPS_MAX);
	if ((p->id & ~(uint32_t)REVISION) != ID)
		return OK;
	e = change(p, CONFIG4, CONFIG4_TEST_MODE, 0);
	if (e == OK)
		e = phy_mmd_write(p, DEVICE, DELAYS,
				  (uint16_t)((delays.tx_steps - 1) << DELAYS_TX_SHIFT |
					     (delays.rx_steps - 1)));
	if (e == OK)
		e = change(p, RGMII, 0, RGMII_ON | RGMII_TX_DELAY | RGMII_RX_DELAY);
	return e;
}
