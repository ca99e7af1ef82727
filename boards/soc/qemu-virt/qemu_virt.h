/* SPDX-License-Identifier: ISC */
/*
 * QEMU's "virt" machine, 32 or 64 bits: everything of hal/board.h except what a board of this kind
 * says itself: board_name[] and board_regions[] (arch/mmu.h), for which QEMU_VIRT_REGIONS is
 * the table's content.
 *
 * The device tree that QEMU passes is the only source of what there is; without one the image
 * says so on the console and ends. It is copied from and then forgotten, so its memory is free
 * for the heap. board_netif(0) is the first network device on QEMU's command line: QEMU
 * fills the virtio slots from the highest address down.
 */
#ifndef BOARDS_SOC_QEMU_VIRT_QEMU_VIRT_H
#define BOARDS_SOC_QEMU_VIRT_QEMU_VIRT_H

#include "arch/mmu.h"
#include "boards/soc/qemu-virt/machine.h"
#include "boards/soc/qemu-virt/memory_map.h"
#include "drivers/virtio/virtio_mmio.h"
#include "hal/irq.h"

#define QEMU_VIRT_REGIONS                                                                          \
	{QEMU_VIRT_DEVICES_START, QEMU_VIRT_DEVICES_BYTES, MMU_DEVICE},                            \
	{                                                                                          \
		0                                                                                  \
	}

/* The machine that board_init() found. For the other files of this folder. */
extern struct machine qemu_virt_machine;

/*
 * The interrupt controller, version 2 or 3; initialised at the first call, which stops the image if
 * that fails. After board_init().
 */
struct irq_chip *qemu_virt_irq_chip(void);

/* Gives the console its interrupt, for input. For qemu_virt_irq_chip(). */
void qemu_virt_set_console_irq(struct irq_chip *chip);

/*
 * Looks for virtio device number `index`, from 0, of type `id` (enum virtio_id), in the order of
 * QEMU's command line, and prepares *slot for it. NULL: there are not so many.
 */
const struct machine_device *qemu_virt_find(struct virtio_mmio *slot, uint32_t id, unsigned index);

#endif
