/* SPDX-License-Identifier: ISC */
#include "tests/unit/gem/rig.h"

struct gem net;

const unsigned tx_ring = GEM_RING, ip_alignment = 4, halt_us_max = 20000;

static void note_rate(unsigned mbit)
{
	gem_fake.rate = mbit;
}

int plug(void **state)
{
	static const struct gem_config config = {
		.base = GEM_FAKE_BASE,
		.line = MAC_FAKE_LINE,
		.pclk_hz = 100000000,
		.phy = PHY_ADDRESS_ANY,
		.set_rate = note_rate,
	};

	(void)state;
	gem_fake_init();
	rig_pools(RX_PACKETS, TX_PACKETS);
	rig_use(gem_init(&net, &config, &mac_fake_irq, &mac_fake_timer, &rx_pool, "net0"));
	return 0;
}

uint32_t reg_of(uint32_t offset)
{
	return gem_fake.regs[offset / 4];
}
