/* SPDX-License-Identifier: ISC */
#include "drivers/virtio/virtio.h"

#include <string.h>

#include "arch/barrier.h"
#include "base/assert.h"

enum { CONFIG_READ_TRIES = 16 };

/*
 * Features of the rings and the platform that this tree always can do. ACCESS_PLATFORM asks for
 * bus addresses: those are the processor's here, since no board programs an IOMMU. ORDER_PLATFORM
 * asks for barriers that order against real hardware: the dma_ ones do.
 */
static const uint64_t ring_features = VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX |
				      VIRTIO_F_VERSION_1 | VIRTIO_F_ACCESS_PLATFORM |
				      VIRTIO_F_ORDER_PLATFORM;

static void add_status(struct virtio_device *dev, uint8_t bits)
{
	dev->ops->set_status(dev, dev->ops->status(dev) | bits);
}

enum err virtio_reset(struct virtio_device *dev)
{
	dev->ops->set_status(dev, 0);
	/* Section 2.4.2: the reset is complete when the status reads zero. */
	for (unsigned i = 0; i < VIRTIO_RESET_POLLS; i++) {
		if (dev->ops->status(dev) == 0)
			return OK;
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

/* Steps 4 to 6 of section 3.1.1; the legacy interface has no FEATURES_OK (section 3.1.2). */
static enum err select_features(struct virtio_device *dev, uint64_t wanted)
{
	wanted |= ring_features;
	if (dev->legacy)
		wanted |= VIRTIO_F_ANY_LAYOUT;
	dev->features = dev->ops->features(dev) & wanted;
	if (dev->legacy) {
		dev->features &= UINT32_MAX;
		dev->ops->set_features(dev, dev->features);
		return OK;
	}
	if (!virtio_has(dev, VIRTIO_F_VERSION_1))
		return ERR_UNSUPPORTED;
	dev->ops->set_features(dev, dev->features);
	add_status(dev, VIRTIO_STATUS_FEATURES_OK);
	return (dev->ops->status(dev) & VIRTIO_STATUS_FEATURES_OK) != 0 ? OK : ERR_UNSUPPORTED;
}

enum err virtio_negotiate(struct virtio_device *dev, uint64_t wanted)
{
	enum err e = virtio_reset(dev);
	if (e == OK) {
		add_status(dev, VIRTIO_STATUS_ACKNOWLEDGE);
		add_status(dev, VIRTIO_STATUS_DRIVER);
		e = select_features(dev, wanted);
	}
	if (e != OK)
		virtio_give_up(dev);
	return e;
}

void virtio_ready(struct virtio_device *dev)
{
	/* The device may use the rings once it sees this: their memory is written before. */
	dma_write_barrier();
	add_status(dev, VIRTIO_STATUS_DRIVER_OK);
}

void virtio_give_up(struct virtio_device *dev)
{
	add_status(dev, VIRTIO_STATUS_FAILED);
}

bool virtio_needs_reset(struct virtio_device *dev)
{
	return (dev->ops->status(dev) & VIRTIO_STATUS_NEEDS_RESET) != 0;
}

enum err virtio_config_read(struct virtio_device *dev, uint32_t offset, unsigned width,
			    unsigned count, void *out)
{
	assert(width == 1 || width == 2 || width == 4);
	assert(offset % width == 0);
	for (unsigned tries = 0; tries < CONFIG_READ_TRIES; tries++) {
		uint8_t *at = out;
		uint32_t generation = dev->ops->config_generation(dev);
		for (unsigned i = 0; i < count; i++, at += width) {
			uint32_t v = dev->ops->config_read(dev, offset + i * width, width);
			memcpy(at, &v, width); /* little-endian, as the device is */
		}
		if (dev->ops->config_generation(dev) == generation)
			return OK;
	}
	return ERR_IO;
}
