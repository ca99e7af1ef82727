/* SPDX-License-Identifier: ISC */
/*
 * The network interface: the chip's MAC with the chip's PHY, which does 10 and 100 Mb/s.
 */
#include "arch/mmio.h"
#include "boards/common/common.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/net/sun8i_emac/sun8i_emac.h"
#include "hal/board.h"

enum { PHY_ADDRESS = 1 };

/* How MAC and PHY are joined: by MII, with the PHY's clock of 24 MHz, and the PHY not shut down. */
#define EMAC_CLOCK_PHY_SHIFT 20
#define EMAC_CLOCK_24_MHZ    0x00040000u
#define EMAC_CLOCK_SHUTDOWN  0x00010000u
#define EMAC_CLOCK_INTERNAL  0x00008000u
#define EMAC_CLOCK_OURS      0x01ffa007u /* with the lights' wiring and what RGMII would need */

static void turn_on(void)
{
	static const struct h3_bus_device phy = {0x70, 0, 0x2c8, 2}, mac = {0x60, 17, 0x2c0, 17};
	uint32_t joined = mmio_read32(H3_EMAC_CLOCK) & ~(EMAC_CLOCK_OURS | EMAC_CLOCK_SHUTDOWN);

	mmio_write32(H3_EMAC_CLOCK, joined | PHY_ADDRESS << EMAC_CLOCK_PHY_SHIFT |
					    EMAC_CLOCK_24_MHZ | EMAC_CLOCK_INTERNAL | h3_phy_leds);
	h3_turn_on(&phy);
	h3_turn_on(&mac);
}

/* Of the chip's serial number, as U-Boot and Linux make it; local, so that it is nobody else's. */
static enum err address_of_chip(uint8_t mac[static 6])
{
	uint32_t first = mmio_read32(H3_SID_BASE), last = mmio_read32(H3_SID_BASE + 12);

	if (last == 0)
		return ERR_NOTFOUND;
	/* Of some chips the upper part is all the same. */
	if ((last & 0xffffff) == 0)
		last |= 0x800000;
	mac[0] = 0x02;
	mac[1] = (uint8_t)first;
	for (unsigned i = 0; i < 4; i++)
		mac[2 + i] = (uint8_t)(last >> (24 - 8 * i));
	return OK;
}

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const struct sun8i_emac_config config = {
		.base = H3_EMAC_BASE,
		.line = H3_LINE_EMAC,
		.phy_address = PHY_ADDRESS,
		.mac = address_of_chip,
	};
	static struct sun8i_emac net;
	struct timer *alarm;

	if (index > 0) {
		board_complain("there is one network interface only");
		return NULL;
	}
	if (net.mac.nif.ops != NULL)
		return &net.mac.nif;
	alarm = h3_second_timer();
	if (alarm == NULL) {
		board_complain("the network interface's timer does not work");
		return NULL;
	}
	turn_on();
	return sun8i_emac_init(&net, &config, h3_irq_chip(), alarm, rx, "net0");
}
