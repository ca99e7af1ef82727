/* SPDX-License-Identifier: ISC */
/*
 * The SD card, on the standard controller that the board has a slot at.
 */
#include "boards/common/common.h"
#include "boards/soc/zynqmp/zynqmp.h"
#include "drivers/block/sd/sd_card.h"
#include "drivers/block/sdhci/sdhci.h"
#include "hal/board.h"

struct block *board_block(unsigned index)
{
	static struct sdhci controller;
	static struct sd_card card;
	struct sdhci_config config = {
		.base = ZYNQMP_SDHCI0 + zynqmp_board.sdhci * ZYNQMP_SDHCI_STRIDE,
		.line = ZYNQMP_LINE_SDHCI0 + zynqmp_board.sdhci,
	};

	if (index > 0) {
		board_complain("there is one card only");
		return NULL;
	}
	if (card.block.ops == NULL)
		sd_card_init(&card,
			     sdhci_init(&controller, &config, zynqmp_irq_chip(), board_timer()),
			     "sd0");
	return &card.block;
}
