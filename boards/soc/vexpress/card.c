/* SPDX-License-Identifier: ISC */
/*
 * The SD card, in the motherboard's slot, with one line of data; at most at 12 MHz, which is what
 * Linux's device tree allows. The system registers see whether there is one.
 */
#include "arch/mmio.h"
#include "boards/common/common.h"
#include "boards/soc/vexpress/vexpress.h"
#include "drivers/block/pl181/pl181.h"
#include "drivers/block/sd/sd_card.h"
#include "hal/board.h"

#define SYS_MCI         (VEXPRESS_SYSTEM + 0x48)
#define SYS_MCI_PRESENT 0x1u

static bool has_card(void)
{
	return (mmio_read32(SYS_MCI) & SYS_MCI_PRESENT) != 0;
}

struct block *board_block(unsigned index)
{
	static const struct pl181_config config = {
		.base = VEXPRESS_MCI,
		.clock_hz = 24000000,
		.hz_max = 12000000,
		.line = VEXPRESS_LINE_MCI,
		.has_one_line = true,
		.has_card = has_card,
	};
	static struct pl181 controller;
	static struct sd_card card;

	if (index > 0) {
		board_complain("there is one card only");
		return NULL;
	}
	if (card.block.ops == NULL)
		sd_card_init(&card,
			     pl181_init(&controller, &config, vexpress_irq_chip(), board_timer()),
			     "sd0");
	return &card.block;
}
