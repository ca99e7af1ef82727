/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef BOARDS_SOC_MICROVM_MICROVM_H
#define BOARDS_SOC_MICROVM_MICROVM_H

#include <stdbool.h>
#include <stdint.h>

#include "boards/soc/pc/pc.h"
#include "drivers/virtio/virtio_mmio.h"

/* Whether QEMU gave the machine ACPI's tables. After pc_init(). */
static inline bool microvm_has_acpi(void)
{
	return pc_loader.info->rsdp != 0;
}

/*
 * Looks for virtio device number `index`, from 0, of type `id` (enum virtio_id), in the order of
 * QEMU's command line. ERR_NODEV if there are not so many; else *line is its interrupt.
 */
MUST_USE enum err microvm_find_virtio(struct virtio_mmio *slot, uint32_t id, unsigned index,
				      uint32_t *line);

#endif
