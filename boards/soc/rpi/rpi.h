/* SPDX-License-Identifier: ISC */
/*
 * What the chips of all Raspberry Pis have alike: the firmware and what it leaves, the console, the
 * watchdog that powers off. From these comes everything of hal/board.h that is not named below.
 *
 * A chip's layer (boards/soc/<chip>) says where its devices are, by `rpi_chip` and the three
 * devices behind it, has rpi_chip_irq() and rpi_chip_rng(), and of hal/board.h board_netif(). A
 * board says board_name[] and board_regions[] (arch/mmu.h), and has board_block().
 *
 * Devices are where they always are. The firmware's device tree, or its list of tags if it had no
 * tree, says how much memory there is and what the boot arguments are; the tree also which serial
 * port is the console. What is needed is copied, so that their memory is free for the heap.
 */
#ifndef BOARDS_SOC_RPI_RPI_H
#define BOARDS_SOC_RPI_RPI_H

#include "boards/soc/rpi/memory_map.h"
#include "boards/tree/tree.h"
#include "drivers/firmware/rpi_firmware/rpi_firmware.h"
#include "drivers/uart/pl011/pl011.h"
#include "drivers/uart/uart16550/uart16550.h"
#include "hal/irq.h"
#include "hal/rng.h"

/* --- from the chip's layer ------------------------------------------------------------------- */

/* What differs between the chips. */
struct rpi_chip {
	uintptr_t peripherals;     /* what memory_map.h counts from */
	struct tree_range devices; /* where there is no memory, whatever anybody says */
	uint32_t uart_line, aux_line, timer_line;
	const char *optional; /* devices that it may lack, as trees name them (base/text.h); 32 */
};

extern const struct rpi_chip rpi_chip;

/*
 * From the board, since it is the firmware's code of 32 or 64 bits: where it has the processor's
 * second core wait for an address to go to, and from there to the next's.
 */
extern const struct rpi_cores {
	uintptr_t second;
	size_t step;
} rpi_cores;

/* The mailbox to the firmware, and the two serial ports. */
extern struct rpi_firmware rpi_mailbox;
extern struct pl011 rpi_pl011;
extern struct uart16550 rpi_mini_uart;

/* Their initialisers, with the peripherals at `base`. */
#define RPI_MAILBOX_AT(base)   RPI_FIRMWARE((base) + RPI_MAILBOX)
#define RPI_PL011_AT(base)     PL011_CONSOLE((base) + RPI_UART)
#define RPI_MINI_UART_AT(base) UART16550_CONSOLE(&rpi_mini_uart_bus, (base) + RPI_MINI_UART)

extern const struct uart16550_bus rpi_mini_uart_bus;

/* Initialises the interrupt controller; NULL: it does not work. */
struct irq_chip *rpi_chip_irq(void);

/* Turns the random number generator on; NULL: there is none. */
struct rng *rpi_chip_rng(void);

/* --- for it ---------------------------------------------------------------------------------- */

/*
 * The interrupt controller, initialised at the first call, which stops the image if that fails.
 * After board_init().
 */
struct irq_chip *rpi_irq_chip(void);

/* Makes the mini UART the console instead of the PL011. For board_init(). */
void rpi_use_mini_uart(void);

/* Gives the console its interrupt, for input. For rpi_irq_chip(). */
void rpi_set_console_irq(struct irq_chip *chip);

/*
 * Whether the device tree has the one at `place` of rpi_chip.optional. An emulator that lacks it
 * takes it out, and answers accesses to its registers with a fault; so does who has no tree at all.
 */
bool rpi_has(unsigned place);

/* The board's Ethernet address, as drivers ask for it. */
MUST_USE enum err rpi_mac(uint8_t mac[static 6]);

#endif
