/* SPDX-License-Identifier: ISC */
#include "tests/unit/genet/rig.h"

struct genet net;
uint8_t board_mac[6];

const unsigned tx_ring = GENET_RING, ip_alignment = 4, halt_us_max = 20000;

static enum err mac_of_board(uint8_t mac[static 6])
{
	memcpy(mac, board_mac, sizeof(board_mac));
	return OK;
}

int plug(void **state)
{
	static const struct genet_config config = {
		.base = GENET_FAKE_BASE,
		.line = MAC_FAKE_LINE,
		.mac = mac_of_board,
	};

	(void)state;
	genet_fake_init(FIRST_INDEX);
	rig_pools(RX_PACKETS, TX_PACKETS);
	memcpy(board_mac, "\xdc\xa6\x32\x01\x02\x03", sizeof(board_mac));
	rig_use(genet_init(&net, &config, &mac_fake_irq, &mac_fake_timer, &rx_pool, "net0"));
	return 0;
}

uint32_t reg_of(uint32_t offset)
{
	return genet_fake.regs[offset / 4];
}
