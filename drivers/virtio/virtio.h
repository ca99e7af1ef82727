/* SPDX-License-Identifier: ISC */
/*
 * A virtio device (OASIS Virtual I/O Device, version 1.2), whatever its transport.
 *
 * A transport (virtio_mmio.h) embeds `struct virtio_device` first and fills its operations; a
 * device driver uses the functions below and struct virtqueue, so it runs on every transport.
 * The order is that of section 3.1.1: virtio_negotiate(), virtqueue_setup() for each queue,
 * virtio_ready(). Section numbers in this folder are those of version 1.2.
 *
 * Devices see the same addresses as the processor (one address space, virtual equal to
 * physical) and are coherent with its caches. All functions are for the event loop or for
 * start-up, except virtio_interrupt(), which is for the device's interrupt handler.
 */
#ifndef DRIVERS_VIRTIO_VIRTIO_H
#define DRIVERS_VIRTIO_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* Section 5: device types. */
enum virtio_id {
	VIRTIO_ID_NET = 1,
	VIRTIO_ID_BLOCK = 2,
	VIRTIO_ID_CONSOLE = 3,
	VIRTIO_ID_RNG = 4,
};

/* Section 2.1: bits of the device status. */
enum virtio_status {
	VIRTIO_STATUS_ACKNOWLEDGE = 1,
	VIRTIO_STATUS_DRIVER = 2,
	VIRTIO_STATUS_DRIVER_OK = 4,
	VIRTIO_STATUS_FEATURES_OK = 8,
	VIRTIO_STATUS_NEEDS_RESET = 64,
	VIRTIO_STATUS_FAILED = 128,
};

/* Section 6: features that are not of one device type. */
#define VIRTIO_F_ANY_LAYOUT      (UINT64_C(1) << 27) /* legacy only; implied by VERSION_1 */
#define VIRTIO_F_INDIRECT_DESC   (UINT64_C(1) << 28)
#define VIRTIO_F_EVENT_IDX       (UINT64_C(1) << 29)
#define VIRTIO_F_VERSION_1       (UINT64_C(1) << 32)
#define VIRTIO_F_ACCESS_PLATFORM (UINT64_C(1) << 33)
#define VIRTIO_F_ORDER_PLATFORM  (UINT64_C(1) << 36)

/* Why the device interrupted, as virtio_interrupt() returns it. */
enum virtio_interrupt {
	VIRTIO_INTERRUPT_QUEUE = 1,  /* a queue has used buffers */
	VIRTIO_INTERRUPT_CONFIG = 2, /* the configuration or the status changed */
};

/* Where the three parts of a split virtqueue are. */
struct virtio_queue_address {
	uintptr_t descriptors, driver, device;
};

struct virtio_device;

struct virtio_ops {
	uint8_t (*status)(struct virtio_device *dev);
	void (*set_status)(struct virtio_device *dev, uint8_t status);
	uint64_t (*features)(struct virtio_device *dev);
	void (*set_features)(struct virtio_device *dev, uint64_t features);
	uint32_t (*config_generation)(struct virtio_device *dev);
	uint32_t (*config_read)(struct virtio_device *dev, uint32_t offset, unsigned bytes);
	uint32_t (*queue_max)(struct virtio_device *dev, uint16_t queue);
	enum err (*queue_enable)(struct virtio_device *dev, uint16_t queue, uint16_t size,
				 const struct virtio_queue_address *address);
	void (*notify)(struct virtio_device *dev, uint16_t queue);
	uint32_t (*interrupt)(struct virtio_device *dev);
};

struct virtio_device {
	const struct virtio_ops *ops;
	uint32_t id;       /* enum virtio_id */
	bool legacy;       /* the interface before version 1.0 */
	uint64_t features; /* negotiated; valid after virtio_negotiate() */
};

/*
 * Resets the device, so that it forgets all queues and touches no memory, and waits for it to say
 * so. ERR_TIMEOUT if it does not within VIRTIO_RESET_POLLS reads of its status.
 */
enum { VIRTIO_RESET_POLLS = 100000 };
MUST_USE enum err virtio_reset(struct virtio_device *dev);

/*
 * Resets the device and agrees on the features that are both offered and in `wanted`. The ring
 * features (EVENT_IDX, INDIRECT_DESC, and those that merely state what this tree always does) are
 * added here. ERR_TIMEOUT: it does not reset; ERR_UNSUPPORTED: it refuses the selection, or is
 * neither legacy nor version 1. After an error its status says FAILED.
 */
MUST_USE enum err virtio_negotiate(struct virtio_device *dev, uint64_t wanted);

/* Whether feature `bit`, a mask of one bit, was negotiated. */
static inline bool virtio_has(const struct virtio_device *dev, uint64_t bit)
{
	return (dev->features & bit) != 0;
}

/* Lets the device run: its queues are set up. */
void virtio_ready(struct virtio_device *dev);

/* Tells the device that the driver has given up on it (section 2.1, FAILED). */
void virtio_give_up(struct virtio_device *dev);

/* Whether the device asks for a reset after an error of its own (section 2.1.2). */
bool virtio_needs_reset(struct virtio_device *dev);

/*
 * Reads `count` fields of `width` bytes (1, 2 or 4) from the device's configuration at byte
 * `offset` to `out`, all from the same generation. ERR_IO if it changes faster than it can be read.
 */
MUST_USE enum err virtio_config_read(struct virtio_device *dev, uint32_t offset, unsigned width,
				     unsigned count, void *out);

/* Interrupt handler: what happened (enum virtio_interrupt, 0: not this device); acknowledges it. */
static inline uint32_t virtio_interrupt(struct virtio_device *dev)
{
	return dev->ops->interrupt(dev);
}

#endif
