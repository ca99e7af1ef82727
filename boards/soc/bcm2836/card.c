/* SPDX-License-Identifier: ISC */
/*
 * The SD card. Its pins, GPIO 48 to 53, can be led to either of the chip's two controllers.
 */
#include "boards/common/common.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost.h"
#include "drivers/block/sd/sd_card.h"
#include "drivers/block/sdhci/sdhci.h"
#include "drivers/gpio/bcm2835_gpio/bcm2835_gpio.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "hal/board.h"

/* Clock, command, four lines of data; all but the clock need a pull-up. */
enum { CARD_CLOCK = 48, CARD_COMMAND = 49, CARD_LAST = 53 };

/* The channel of the DMA controller that moves its data: one that the firmware leaves alone. */
enum { CARD_DMA = 5 };

static struct sd_card card;

static bool can_use(unsigned index)
{
	if (index > 0) {
		board_complain("there is one card only");
		return false;
	}
	/* Firmware that does not know the question has it on. */
	if (rpi_firmware_power(&rpi_mailbox, RPI_POWER_SD, true) == ERR_NODEV) {
		board_complain("the firmware does not turn the card on");
		return false;
	}
	return true;
}

static void lead_pins(enum bcm2835_function function)
{
	bcm2835_gpio_set_pulls(BCM2836_GPIO_BASE, CARD_CLOCK, CARD_CLOCK, BCM2835_PULL_NONE);
	bcm2835_gpio_set_pulls(BCM2836_GPIO_BASE, CARD_COMMAND, CARD_LAST, BCM2835_PULL_UP);
	bcm2835_gpio_set_function(BCM2836_GPIO_BASE, CARD_CLOCK, CARD_LAST, function);
}

struct block *bcm2836_emmc_card(unsigned index)
{
	/* As the firmware has it on its boards, if it does not say. */
	enum { USUAL_HZ = 200000000 };
	static struct sdhci controller;
	struct sdhci_config config = {
		.base = BCM2836_EMMC_BASE,
		.line = BCM2836_EMMC,
		.flags = SDHCI_SLOW_WRITES | SDHCI_NO_CAPABILITIES | SDHCI_NO_DETECT,
	};

	if (!can_use(index))
		return NULL;
	if (card.block.ops != NULL)
		return &card.block;
	if (rpi_firmware_clock_hz(&rpi_mailbox, RPI_CLOCK_EMMC, &config.base_hz) != OK)
		config.base_hz = USUAL_HZ;
	lead_pins(BCM2835_ALT3);
	return sd_card_init(&card, sdhci_init(&controller, &config, rpi_irq_chip(), board_timer()),
			    "sd0");
}

struct block *bcm2836_sdhost_card(unsigned index)
{
	enum { USUAL_HZ = 250000000 };
	static struct bcm2835_sdhost controller;
	static struct bcm2835_dma dma;
	struct bcm2835_sdhost_config config = {
		.base = BCM2836_SDHOST_BASE,
		.line = BCM2836_SDHOST,
		.dma = &dma,
		.bus_address = BCM2836_BUS_ADDRESS(BCM2836_SDHOST_BASE),
	};

	if (!can_use(index))
		return NULL;
	if (card.block.ops != NULL)
		return &card.block;
	if (rpi_firmware_clock_hz(&rpi_mailbox, RPI_CLOCK_CORE, &config.core_hz) != OK)
		config.core_hz = USUAL_HZ;
	lead_pins(BCM2835_ALT0);
	bcm2835_dma_init(&dma, BCM2836_DMA_BASE + CARD_DMA * BCM2835_DMA_CHANNEL_BYTES,
			 BCM2836_BUS_UNCACHED, rpi_irq_chip(), BCM2836_DMA + CARD_DMA);
	return sd_card_init(
		&card, bcm2835_sdhost_init(&controller, &config, rpi_irq_chip(), board_timer()),
		"sd0");
}
