/* SPDX-License-Identifier: ISC */
/*
 * The board: what boards/<board>/board.c provides to everybody above it.
 *
 * board_init() runs once, first, on the boot stack with interrupts masked and no heap.
 * The other functions hand out the board's devices, which they initialise when first asked; each is
 * in a section of its own, so an image links only the drivers of the devices that it asks for. One
 * that asks for no timer and for no device that interrupts holds no interrupt controller either.
 * Devices belong to the board and live as long as the image; asking twice yields the same one.
 */
#ifndef HAL_BOARD_H
#define HAL_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "arch/boot.h"
#include "arch/cpu.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/block.h"
#include "hal/clock.h"
#include "hal/flash.h"
#include "hal/gpio.h"
#include "hal/netif.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "hal/uart.h"
#include "hal/watchdog.h"

/* The board's name: the folder under boards/. */
extern const char board_name[];

/* The architecture's name: the folder under arch/. */
static inline const char *board_arch(void)
{
	return arch_name;
}

/* Memory beyond the image that the heap may have. */
struct board_memory {
	void *start;
	size_t bytes;
	void *low_start;    /* and a second piece elsewhere … */
	size_t low_bytes;   /* … or 0: there is none */
	size_t total_bytes; /* of RAM in the machine, for display */
	size_t image_bytes; /* of the image with its data and stacks, for display; 0: not known */
};

/*
 * Brings up the console and finds the memory: neither interrupt controller nor timer. On an error
 * it has told the person in one line on the console, if there is one.
 */
MUST_USE enum err board_init(const struct boot *boot);

/*
 * The boot arguments, NUL-terminated, empty if there are none: in memory that the caller may write
 * to and that stays as long as the image runs. NULL where the board has no loader that could pass
 * any: then an image without an argument block holds no code for them. Valid after board_init().
 */
char *board_bootargs(void);

/*
 * Never NULL; output works as soon as the image runs, input (uart_rx_start()) once there is an
 * interrupt controller, that is after board_timer().
 */
struct uart *board_console(void);

/* Whether the console has input; a constant of the image, so that the linker leaves it out. */
extern const bool console_is_read;

/*
 * Never NULL. The first call initialises the interrupt controller, if no device has done so yet,
 * and the timer. If that fails it complains in one line on the console and stops the image with
 * status 1. After board_init().
 */
struct timer *board_timer(void);

/* The memory for the heap. Valid after board_init(). */
struct board_memory board_memory(void);

/*
 * Network interface number `index`, from 0, not yet started; its name is "net0", "net1" and so on.
 * Interface 0 is the first card on QEMU's command line (the first -device, in whichever slot QEMU
 * puts it), or the host board's first --tap. Of a board with several in fixed places its README
 * says the order. The interface will take its receive buffers from `rx`, whose buffers hold 2048
 * bytes or more and which must outlive it. NULL and a line on the console if the machine has no
 * such device.
 */
MUST_USE struct netif *board_netif(unsigned index, struct pkt_pool *rx);

/*
 * Disk number `index`, from 0, not yet started, whether there is a medium in it or not; of a board
 * with several its README says the order. NULL and a line on the console if the machine has no such
 * device. After board_init(); it brings up the timer (board_timer()).
 */
MUST_USE struct block *board_block(unsigned index);

/*
 * The board's flash memory that is not the image's. NULL and a line on the console if there is
 * none, or one that nobody here knows. After board_init(); it brings up the timer (board_timer()).
 */
MUST_USE struct flash *board_flash(void);

/* The pins of the chip, none of them touched yet. After board_init(). */
struct gpio *board_gpio(void);

/*
 * The light that shows that the machine lives, not yet an output. NULL and a line on the console if
 * there is none on this machine. After board_init().
 */
const struct gpio_line *board_led(void);

/* The watchdog, which does not run yet. After board_init(). */
struct watchdog *board_watchdog(void);

/* The clock chip, or NULL. */
struct clock *board_clock(void);

/*
 * Unpredictable bits that the loader left for the stack guard (the device tree's kaslr-seed): no
 * part of what board_entropy() gathers, and costs no driver. 0 if there are none. Valid after
 * board_init().
 */
uint64_t board_guard_seed(void);

/*
 * Gathers seed material from every source that the board has (virtio-rng, the processor's
 * instruction, the device tree's rng-seed, which it wipes): writes up to `max` bytes and returns
 * how many are of full entropy. 0: none; the generator then refuses to answer.
 */
size_t board_entropy(void *bytes, size_t max);

#endif
