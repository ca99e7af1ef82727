/* SPDX-License-Identifier: ISC */
/*
 * The network interface: the Ethernet controller that the board has a port at.
 */
#include "arch/mmio.h"
#include "boards/common/common.h"
#include "boards/soc/zynqmp/zynqmp.h"
#include "drivers/net/gem/gem.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

enum {
	PCLK_HZ = 100000000, /* LPD_LSBUS_CLK, as loaders set it */
	DIVIDER_SHIFT = 16,  /* of GEM_REF_CTRL's second divider */
	DIVIDER_MASK = 0x3f,
};

/*
 * The clock to send with. The loader has set it for 1000 Mb/s, by two dividers, and that is where
 * it stays unless a link is slower: then the second is 5 or 50 times as large (UG1087, CRL_APB).
 */
static void set_rate(unsigned mbit)
{
	static uint32_t fast; /* the register as it was found; 0: not looked at yet */
	uintptr_t reg = ZYNQMP_CRL_GEM0 + 4 * zynqmp_board.gem;
	uint32_t divider, times = mbit == 10 ? 50 : mbit == 100 ? 5 : 1;

	if (times == 1 && fast == 0)
		return;
	if (fast == 0)
		fast = mmio_read32(reg);
	divider = (fast >> DIVIDER_SHIFT & DIVIDER_MASK) * times;
	if (divider <= DIVIDER_MASK)
		mmio_write32(reg, (fast & ~((uint32_t)DIVIDER_MASK << DIVIDER_SHIFT)) |
					  divider << DIVIDER_SHIFT);
	else
		board_complain("the network's clock is not one that can be made slower");
}

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static struct gem net;
	static struct arm_timer
		alarm; /* of the core's two timers the one that board_timer() is not */
	struct gem_config config = {
		.base = ZYNQMP_GEM0 + zynqmp_board.gem * ZYNQMP_GEM_STRIDE,
		.line = ZYNQMP_LINE_GEM0 + 2u * zynqmp_board.gem,
		.pclk_hz = PCLK_HZ,
		.phy = zynqmp_board.gem_phy,
		.set_rate = set_rate,
		.phy_setup = zynqmp_board.gem_phy_setup,
	};

	if (index > 0) {
		board_complain("there is one network interface only");
		return NULL;
	}
	if (net.mac.nif.ops != NULL)
		return &net.mac.nif;
	if (arm_timer_init(&alarm, ARM_TIMER_PHYSICAL, zynqmp_irq_chip(), ZYNQMP_TIMER_PHYSICAL) !=
	    OK) {
		board_complain("the network interface's timer does not work");
		return NULL;
	}
	return gem_init(&net, &config, zynqmp_irq_chip(), &alarm.timer, rx, "net0");
}
