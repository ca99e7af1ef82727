/* SPDX-License-Identifier: ISC */
/*
 * The SD card in the board's slot, at the first of the chip's three controllers, port F.
 */
#include "arch/mmio.h"
#include "boards/common/common.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/block/sd/sd_card.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc.h"
#include "hal/board.h"

/* Of port F, PF0 to PF5: what they do, how strongly, and which way they are pulled. */
#define PIO_F_FUNCTIONS (H3_PIO_BASE + 0xb4)
#define PIO_F_DRIVE     (H3_PIO_BASE + 0xc8)
#define PIO_F_PULLS     (H3_PIO_BASE + 0xd0)
#define FUNCTIONS_CARD  0x00222222u
#define FUNCTIONS_OURS  0x00777777u
#define DRIVE_LEVEL_2   0x00000aaau
#define PULLS_UP        0x00000555u
#define TWO_BITS_OURS   0x00000fffu

/* The module clock, in the clock control unit. */
#define MMC0_MODULE_CLOCK (H3_CCU_BASE + 0x88)

static void set(uintptr_t address, uint32_t ours, uint32_t value)
{
	mmio_write32(address, (mmio_read32(address) & ~ours) | value);
}

struct block *board_block(unsigned index)
{
	static const struct h3_bus_device device = {0x60, 8, 0x2c0, 8};
	static const struct sunxi_mmc_config config = {
		.base = H3_MMC0_BASE, .module = MMC0_MODULE_CLOCK, .line = H3_LINE_MMC0};
	static struct sunxi_mmc controller;
	static struct sd_card card;

	if (index > 0) {
		board_complain("there is one card only");
		return NULL;
	}
	if (card.block.ops != NULL)
		return &card.block;
	set(PIO_F_FUNCTIONS, FUNCTIONS_OURS, FUNCTIONS_CARD);
	set(PIO_F_DRIVE, TWO_BITS_OURS, DRIVE_LEVEL_2);
	set(PIO_F_PULLS, TWO_BITS_OURS, PULLS_UP);
	h3_turn_on(&device);
	return sd_card_init(
		&card, sunxi_mmc_init(&controller, &config, h3_irq_chip(), board_timer()), "sd0");
}
