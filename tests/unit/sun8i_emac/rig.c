/* SPDX-License-Identifier: ISC */
#include "tests/unit/sun8i_emac/rig.h"

struct sun8i_emac *net;
uint8_t board_mac[6];

const unsigned tx_ring = SUN8I_EMAC_TX_RING, ip_alignment = 2, halt_us_max = 200000;

static enum err mac_of_board(uint8_t mac[static 6])
{
	memcpy(mac, board_mac, sizeof(board_mac));
	return board_mac[0] == 0xff ? ERR_NOTFOUND : OK;
}

static int plug_with(unsigned packets)
{
	static const struct sun8i_emac_config config = {
		.base = EMAC_FAKE_BASE,
		.line = MAC_FAKE_LINE,
		.phy_address = EMAC_FAKE_PHY,
		.mac = mac_of_board,
	};

	if (net == NULL)
		net = mac_fake_memory(sizeof(*net));
	sun8i_emac_fake_init();
	rig_pools(packets, TX_PACKETS);
	memcpy(board_mac, "\x02\x81\x33\x44\x55\x66", sizeof(board_mac));
	rig_use(sun8i_emac_init(net, &config, &mac_fake_irq, &mac_fake_timer, &rx_pool, "net0"));
	return 0;
}

int plug(void **state)
{
	(void)state;
	return plug_with(RX_PACKETS);
}

int plug_small(void **state)
{
	(void)state;
	return plug_with(4);
}

uint32_t reg_of(uint32_t offset)
{
	return sun8i_emac_fake.regs[offset / 4];
}
