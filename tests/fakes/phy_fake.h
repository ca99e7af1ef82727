/* SPDX-License-Identifier: ISC */
/*
 * A PHY as registers in memory, with a cable and a partner at its other end. It does what IEEE
 * 802.3 clause 22 says: a reset that takes its time, a link bit that is low once after each loss,
 * registers of the partner that hold what it offers. And what hostile ones do: silence, a reset or
 * a negotiation that does not end.
 */
#ifndef TESTS_FAKES_PHY_FAKE_H
#define TESTS_FAKES_PHY_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { PHY_FAKE_MMD_REGS = 256 };

struct phy_fake {
	/* Set by the test. */
	uint8_t address;
	bool is_silent, never_resets, never_completes;
	unsigned reset_reads; /* of the control register, until its reset is over */

	uint16_t regs[32];
	uint16_t mmd[PHY_FAKE_MMD_REGS]; /* of clause 45's device 31 */
	uint16_t mmd_reg;
	bool plugged;
	unsigned resets, negotiations, reads;
	unsigned reset_reads_left;
};

/* One that answers at `address`, can do gigabits, and whose cable is not plugged in. */
void phy_fake_init(struct phy_fake *f, uint8_t address);

/* The cable to a partner that offers enum phy_ability `offers`; or it is pulled. */
void phy_fake_plug(struct phy_fake *f, unsigned offers);
void phy_fake_pull(struct phy_fake *f);

/* The two of the management interface. False: nobody answers. */
bool phy_fake_read(struct phy_fake *f, unsigned address, unsigned reg, uint16_t *value);
bool phy_fake_write(struct phy_fake *f, unsigned address, unsigned reg, uint16_t value);

#endif
