/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef BOARDS_MICROVM_MICROVM_H
#define BOARDS_MICROVM_MICROVM_H

#include <stdint.h>

#include "drivers/irq/apic/apic.h"
#include "drivers/timer/x86_timer/x86_timer.h"
#include "drivers/virtio/virtio_mmio.h"

/* Valid after board_init(). */
extern struct apic microvm_apic;
extern struct x86_timer microvm_timer;

/*
 * Looks for virtio device number `index`, from 0, of type `id` (enum virtio_id), in the order of
 * QEMU's command line. ERR_NODEV if there are not so many; else *line is its interrupt.
 */
MUST_USE enum err microvm_find_virtio(struct virtio_mmio *slot, uint32_t id, unsigned index,
				      uint32_t *line);

/* Writes "board: message" as a line to the console; needs nothing initialised. */
void microvm_complain(const char *message);

#endif
