/* SPDX-License-Identifier: ISC */
#include "drivers/virtio/virtio_mmio.h"

#include "arch/mmio.h"
#include "base/assert.h"
#include "drivers/virtio/virtio_mmio_regs.h"
#include "drivers/virtio/virtqueue.h"

static uintptr_t base_of(struct virtio_device *dev)
{
	return container_of(dev, struct virtio_mmio, dev)->base;
}

static uint8_t mmio_status(struct virtio_device *dev)
{
	return (uint8_t)mmio_read32(base_of(dev) + VIRTIO_MMIO_STATUS);
}

static void mmio_set_status(struct virtio_device *dev, uint8_t status)
{
	mmio_write32(base_of(dev) + VIRTIO_MMIO_STATUS, status);
}

static uint64_t mmio_features(struct virtio_device *dev)
{
	uintptr_t base = base_of(dev);
	mmio_write32(base + VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	uint64_t features = mmio_read32(base + VIRTIO_MMIO_DEVICE_FEATURES);
	mmio_write32(base + VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	return features | (uint64_t)mmio_read32(base + VIRTIO_MMIO_DEVICE_FEATURES) << 32;
}

static void mmio_set_features(struct virtio_device *dev, uint64_t features)
{
	uintptr_t base = base_of(dev);
	mmio_write32(base + VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	mmio_write32(base + VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32));
	mmio_write32(base + VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	mmio_write32(base + VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)features);
}

static uint32_t mmio_config_generation(struct virtio_device *dev)
{
	if (dev->legacy) /* it has none */
		return 0;
	return mmio_read32(base_of(dev) + VIRTIO_MMIO_CONFIG_GENERATION);
}

/* Section 4.2.2.2: accesses are as wide as the field. */
static uint32_t mmio_config_read(struct virtio_device *dev, uint32_t offset, unsigned bytes)
{
	uintptr_t at = base_of(dev) + VIRTIO_MMIO_CONFIG + offset;
	assert(offset + bytes <= VIRTIO_MMIO_BYTES - VIRTIO_MMIO_CONFIG);
	if (bytes == 1)
		return mmio_read8(at);
	return bytes == 2 ? mmio_read16(at) : mmio_read32(at);
}

static uint32_t mmio_queue_max(struct virtio_device *dev, uint16_t queue)
{
	mmio_write32(base_of(dev) + VIRTIO_MMIO_QUEUE_SEL, queue);
	return mmio_read32(base_of(dev) + VIRTIO_MMIO_QUEUE_NUM_MAX);
}

static void write_address(uintptr_t low_register, uintptr_t address)
{
	mmio_write32(low_register, (uint32_t)address);
	mmio_write32(low_register + 4, (uint32_t)((uint64_t)address >> 32));
}

static enum err enable_modern(uintptr_t base, const struct virtio_queue_address *address)
{
	if (mmio_read32(base + VIRTIO_MMIO_QUEUE_READY) != 0)
		return ERR_IO;
	write_address(base + VIRTIO_MMIO_QUEUE_DESC_LOW, address->descriptors);
	write_address(base + VIRTIO_MMIO_QUEUE_DRIVER_LOW, address->driver);
	write_address(base + VIRTIO_MMIO_QUEUE_DEVICE_LOW, address->device);
	mmio_write32(base + VIRTIO_MMIO_QUEUE_READY, 1);
	return OK;
}

/*
 * Section 4.2.4: the device is told one page number, and finds the rings behind the descriptors
 * by the rule of section 2.7.2 with the alignment that it is told.
 */
static enum err enable_legacy(uintptr_t base, const struct virtio_queue_address *address)
{
	uint64_t page = (uint64_t)address->descriptors / PAGE_BYTES;
	assert(address->descriptors % PAGE_BYTES == 0);
	if (page > UINT32_MAX)
		return ERR_RANGE;
	if (mmio_read32(base + VIRTIO_MMIO_QUEUE_PFN) != 0)
		return ERR_IO;
	mmio_write32(base + VIRTIO_MMIO_GUEST_PAGE_SIZE, PAGE_BYTES);
	mmio_write32(base + VIRTIO_MMIO_QUEUE_ALIGN, VIRTQUEUE_ALIGN);
	mmio_write32(base + VIRTIO_MMIO_QUEUE_PFN, (uint32_t)page);
	return OK;
}

static enum err mmio_queue_enable(struct virtio_device *dev, uint16_t queue, uint16_t size,
				  const struct virtio_queue_address *address)
{
	uintptr_t base = base_of(dev);
	mmio_write32(base + VIRTIO_MMIO_QUEUE_SEL, queue);
	mmio_write32(base + VIRTIO_MMIO_QUEUE_NUM, size);
	return dev->legacy ? enable_legacy(base, address) : enable_modern(base, address);
}

static void mmio_notify(struct virtio_device *dev, uint16_t queue)
{
	mmio_write32(base_of(dev) + VIRTIO_MMIO_QUEUE_NOTIFY, queue);
}

static uint32_t mmio_interrupt(struct virtio_device *dev)
{
	uintptr_t base = base_of(dev);
	uint32_t why = mmio_read32(base + VIRTIO_MMIO_INTERRUPT_STATUS) &
		       (VIRTIO_INTERRUPT_QUEUE | VIRTIO_INTERRUPT_CONFIG);
	if (why != 0)
		mmio_write32(base + VIRTIO_MMIO_INTERRUPT_ACK, why);
	return why;
}

static const struct virtio_ops mmio_ops = {
	.status = mmio_status,
	.set_status = mmio_set_status,
	.features = mmio_features,
	.set_features = mmio_set_features,
	.config_generation = mmio_config_generation,
	.config_read = mmio_config_read,
	.queue_max = mmio_queue_max,
	.queue_enable = mmio_queue_enable,
	.notify = mmio_notify,
	.interrupt = mmio_interrupt,
};

enum err virtio_mmio_probe(struct virtio_mmio *mmio, uintptr_t base)
{
	if (mmio_read32(base + VIRTIO_MMIO_MAGIC) != VIRTIO_MMIO_MAGIC_VALUE)
		return ERR_NODEV;
	/* The version first: the meaning of the other registers depends on it. */
	uint32_t version = mmio_read32(base + VIRTIO_MMIO_VERSION);
	if (version != 1 && version != 2)
		return ERR_UNSUPPORTED;
	uint32_t id = mmio_read32(base + VIRTIO_MMIO_DEVICE_ID);
	if (id == 0)
		return ERR_NODEV;
	*mmio = (struct virtio_mmio){
		.dev = {.ops = &mmio_ops, .id = id, .legacy = version == 1},
		.base = base,
	};
	return OK;
}
