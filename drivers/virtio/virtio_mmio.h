/* SPDX-License-Identifier: ISC */
/*
 * Virtio over memory-mapped registers (section 4.2), both the legacy layout (version 1, which
 * QEMU shows unless told otherwise) and the current one (version 2).
 *
 * A board knows where its slots are, probes each and hands the device of the right type to the
 * driver: virtio_net_init(&net, &slot.dev, …). The structure must live as long as the driver.
 */
#ifndef DRIVERS_VIRTIO_VIRTIO_MMIO_H
#define DRIVERS_VIRTIO_VIRTIO_MMIO_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/virtio/virtio.h"

enum { VIRTIO_MMIO_BYTES = 0x200 }; /* of registers and configuration, in each slot */

struct virtio_mmio {
	struct virtio_device dev;
	uintptr_t base;
};

/*
 * Looks at the slot whose registers are at `base`; touches nothing in it. OK: dev.id is the device
 * type (enum virtio_id). ERR_NODEV: no virtio slot, or an empty one; ERR_UNSUPPORTED: a version
 * that is neither 1 nor 2.
 */
MUST_USE enum err virtio_mmio_probe(struct virtio_mmio *mmio, uintptr_t base);

#endif
