/* SPDX-License-Identifier: ISC */
/*
 * The SD card, on a standard controller ("EMMC2") with pins of its own.
 */
#include "boards/common/common.h"
#include "boards/soc/bcm2711/bcm2711.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/block/sd/sd_card.h"
#include "drivers/block/sdhci/sdhci.h"
#include "hal/board.h"

struct block *board_block(unsigned index)
{
	/* As the firmware has it, if it does not say. */
	enum { USUAL_HZ = 100000000 };
	static struct sdhci controller;
	static struct sd_card card;
	struct sdhci_config config = {
		.base = BCM2711_EMMC2_BASE,
		.line = BCM2711_EMMC2,
		.flags = SDHCI_NO_DETECT, /* the slot has no switch */
	};

	if (index > 0) {
		board_complain("there is one card only");
		return NULL;
	}
	if (card.block.ops != NULL)
		return &card.block;
	if (rpi_firmware_clock_hz(&rpi_mailbox, RPI_CLOCK_EMMC2, &config.base_hz) != OK)
		config.base_hz = USUAL_HZ;
	return sd_card_init(&card, sdhci_init(&controller, &config, rpi_irq_chip(), board_timer()),
			    "sd0");
}
