/* SPDX-License-Identifier: ISC */
#include "boards/common/common.h"
#include "boards/soc/vexpress/vexpress.h"
#include "drivers/net/lan9118/lan9118.h"
#include "hal/board.h"

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static struct lan9118 controller;

	if (index > 0) {
		board_complain("there is one network interface only");
		return NULL;
	}
	if (controller.nif.ops == NULL)
		(void)lan9118_init(&controller, VEXPRESS_ETHERNET, vexpress_irq_chip(),
				   VEXPRESS_LINE_ETHERNET, rx, "net0");
	return &controller.nif;
}

/* As drivers/net/lan9118 has it. */
const uint32_t netif_features_any = NETIF_SG;
const uint32_t netif_features_all = NETIF_SG;
