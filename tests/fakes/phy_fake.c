/* SPDX-License-Identifier: ISC */
#include "tests/fakes/phy_fake.h"

#include "drivers/net/phy/phy.h"
#include "drivers/net/phy/phy_regs.h"

void phy_fake_init(struct phy_fake *f, uint8_t address)
{
	*f = (struct phy_fake){.address = address};
	f->regs[PHY_ID1] = 0x600d;
	f->regs[PHY_ID2] = 0x84a2;
	f->regs[PHY_STATUS] = PHY_STATUS_EXTENDED;
}

/* The link's bit goes down at once, and up when it is read. */
static void lose_link(struct phy_fake *f)
{
	f->regs[PHY_STATUS] &= (uint16_t) ~(PHY_STATUS_LINK | PHY_STATUS_COMPLETE);
}

void phy_fake_pull(struct phy_fake *f)
{
	lose_link(f);
	f->plugged = false;
}

void phy_fake_plug(struct phy_fake *f, unsigned offers)
{
	lose_link(f);
	f->plugged = true;
	f->regs[PHY_PARTNER] =
		(uint16_t)((offers & PHY_10_100) * PHY_OFFER_10_HALF |
			   ((offers & PHY_PAUSE) != 0 ? PHY_OFFER_PAUSE : 0) |
			   ((offers & PHY_PAUSE_ASYM) != 0 ? PHY_OFFER_PAUSE_ASYM : 0));
	f->regs[PHY_PARTNER_1000] = (uint16_t)(((offers & PHY_1000_HALF) != 0 ? 0x0400 : 0) |
					       ((offers & PHY_1000_FULL) != 0 ? 0x0800 : 0));
}

static bool is_there(const struct phy_fake *f, unsigned address)
{
	return !f->is_silent && address == f->address;
}

static uint16_t read_status(struct phy_fake *f)
{
	uint16_t value = f->regs[PHY_STATUS];

	if (f->plugged) {
		f->regs[PHY_STATUS] |= PHY_STATUS_LINK;
		if (!f->never_completes)
			f->regs[PHY_STATUS] |= PHY_STATUS_COMPLETE;
	}
	return value;
}

bool phy_fake_read(struct phy_fake *f, unsigned address, unsigned reg, uint16_t *value)
{
	if (!is_there(f, address))
		return false;
	f->reads++;
	if (reg == PHY_CONTROL && f->reset_reads_left > 0 && --f->reset_reads_left == 0)
		f->regs[PHY_CONTROL] &= (uint16_t)~PHY_CONTROL_RESET;
	if (reg == PHY_STATUS)
		*value = read_status(f);
	else if (reg == PHY_MMD_DATA && f->regs[PHY_MMD_CONTROL] == (PHY_MMD_IS_DATA | 31))
		*value = f->mmd[f->mmd_reg % PHY_FAKE_MMD_REGS];
	else
		*value = f->regs[reg];
	return true;
}

static void reset(struct phy_fake *f)
{
	f->resets++;
	f->reset_reads_left = f->never_resets ? 0 : f->reset_reads + 1;
	f->regs[PHY_ADVERTISE] = f->regs[PHY_ADVERTISE_1000] = 0;
	lose_link(f);
}

bool phy_fake_write(struct phy_fake *f, unsigned address, unsigned reg, uint16_t value)
{
	if (!is_there(f, address))
		return false;
	f->regs[reg] = value;
	if (reg == PHY_CONTROL && (value & PHY_CONTROL_RESET) != 0)
		reset(f);
	if (reg == PHY_CONTROL && (value & PHY_CONTROL_AGAIN) != 0) {
		f->negotiations++;
		lose_link(f);
	}
	if (reg == PHY_MMD_DATA && f->regs[PHY_MMD_CONTROL] == 31)
		f->mmd_reg = value;
	if (reg == PHY_MMD_DATA && f->regs[PHY_MMD_CONTROL] == (PHY_MMD_IS_DATA | 31))
		f->mmd[f->mmd_reg % PHY_FAKE_MMD_REGS] = value;
	return true;
}
