/* SPDX-License-Identifier: ISC */
#include "drivers/virtio/pci/virtio_pci.h"

#include "arch/mmio.h"
#include "base/assert.h"
#include "drivers/virtio/pci/virtio_pci_regs.h"

static struct virtio_pci *self(struct virtio_device *dev)
{
	return container_of(dev, struct virtio_pci, dev);
}

static uintptr_t common_of(struct virtio_device *dev)
{
	return self(dev)->common.start;
}

static uint8_t pci_status(struct virtio_device *dev)
{
	return mmio_read8(common_of(dev) + VIRTIO_PCI_STATUS);
}

static bool set_vector(uintptr_t at, uint16_t vector)
{
	mmio_write16(at, vector);
	return mmio_read16(at) == vector;
}

/*
 * A reset has made the device forget its vectors. Section 4.1.5.1.2.1: one that it cannot use reads
 * as none; then a changed link goes unnoticed, and nothing else is lost.
 */
static void pci_set_status(struct virtio_device *dev, uint8_t status)
{
	struct virtio_pci *slot = self(dev);

	if ((status & VIRTIO_STATUS_DRIVER_OK) != 0 && slot->irq != NULL)
		(void)set_vector(slot->common.start + VIRTIO_PCI_CONFIG_VECTOR,
				 slot->config_vector);
	mmio_write8(slot->common.start + VIRTIO_PCI_STATUS, status);
}

static uint64_t pci_features(struct virtio_device *dev)
{
	uintptr_t common = common_of(dev);
	mmio_write32(common + VIRTIO_PCI_DEVICE_FEATURES_SEL, 0);
	uint64_t features = mmio_read32(common + VIRTIO_PCI_DEVICE_FEATURES);
	mmio_write32(common + VIRTIO_PCI_DEVICE_FEATURES_SEL, 1);
	return features | (uint64_t)mmio_read32(common + VIRTIO_PCI_DEVICE_FEATURES) << 32;
}

static void pci_set_features(struct virtio_device *dev, uint64_t features)
{
	uintptr_t common = common_of(dev);
	mmio_write32(common + VIRTIO_PCI_DRIVER_FEATURES_SEL, 1);
	mmio_write32(common + VIRTIO_PCI_DRIVER_FEATURES, (uint32_t)(features >> 32));
	mmio_write32(common + VIRTIO_PCI_DRIVER_FEATURES_SEL, 0);
	mmio_write32(common + VIRTIO_PCI_DRIVER_FEATURES, (uint32_t)features);
}

static uint32_t pci_config_generation(struct virtio_device *dev)
{
	return mmio_read8(common_of(dev) + VIRTIO_PCI_CONFIG_GENERATION);
}

/* Section 4.1.3.1: accesses are as wide as the field. What the device does not have is zero. */
static uint32_t pci_config_read(struct virtio_device *dev, uint32_t offset, unsigned bytes)
{
	const struct virtio_pci_area *config = &self(dev)->config;
	uintptr_t at = config->start + offset;

	if (offset > config->bytes || bytes > config->bytes - offset)
		return 0;
	if (bytes == 1)
		return mmio_read8(at);
	return bytes == 2 ? mmio_read16(at) : mmio_read32(at);
}

static uint32_t pci_queue_max(struct virtio_device *dev, uint16_t queue)
{
	uintptr_t common = common_of(dev);

	if (queue >= VIRTIO_PCI_QUEUES)
		return 0;
	mmio_write16(common + VIRTIO_PCI_QUEUE_SEL, queue);
	return mmio_read16(common + VIRTIO_PCI_QUEUE_SIZE);
}

static void write_address(uintptr_t at, uintptr_t address)
{
	mmio_write32(at, (uint32_t)address);
	mmio_write32(at + 4, (uint32_t)((uint64_t)address >> 32));
}

/* Section 4.1.4.4: where the queue that is selected is notified; 0 if not within the structure. */
static uintptr_t notify_register(const struct virtio_pci *slot)
{
	uint64_t offset = (uint64_t)mmio_read16(slot->common.start + VIRTIO_PCI_QUEUE_NOTIFY_OFF) *
			  slot->notify_multiplier;

	return offset + 2 <= slot->notify.bytes ? slot->notify.start + (uintptr_t)offset : 0;
}

static enum err pci_queue_enable(struct virtio_device *dev, uint16_t queue, uint16_t size,
				 const struct virtio_queue_address *address)
{
	struct virtio_pci *slot = self(dev);
	uintptr_t common = slot->common.start;

	assert(queue < VIRTIO_PCI_QUEUES);
	mmio_write16(common + VIRTIO_PCI_QUEUE_SEL, queue);
	if (mmio_read16(common + VIRTIO_PCI_QUEUE_ENABLE) != 0)
		return ERR_IO;
	slot->notify_at[queue] = notify_register(slot);
	if (slot->notify_at[queue] == 0)
		return ERR_RANGE;
	if (slot->irq != NULL && !set_vector(common + VIRTIO_PCI_QUEUE_VECTOR, slot->queue_vector))
		return ERR_IO;
	mmio_write16(common + VIRTIO_PCI_QUEUE_SIZE, size);
	write_address(common + VIRTIO_PCI_QUEUE_DESC, address->descriptors);
	write_address(common + VIRTIO_PCI_QUEUE_DRIVER, address->driver);
	write_address(common + VIRTIO_PCI_QUEUE_DEVICE, address->device);
	mmio_write16(common + VIRTIO_PCI_QUEUE_ENABLE, 1);
	return OK;
}

static void pci_notify(struct virtio_device *dev, uint16_t queue)
{
	mmio_write16(self(dev)->notify_at[queue], queue);
}

/*
 * A message tells why by its vector: no register is read. Section 4.1.4.5: reading the one that the
 * line has acknowledges.
 */
static uint32_t pci_interrupt(struct virtio_device *dev)
{
	struct virtio_pci *slot = self(dev);
	uint32_t why = VIRTIO_INTERRUPT_QUEUE;

	if (slot->irq == NULL)
		return mmio_read8(slot->isr.start) &
		       (VIRTIO_INTERRUPT_QUEUE | VIRTIO_INTERRUPT_CONFIG);
	if (slot->config_changed)
		why |= VIRTIO_INTERRUPT_CONFIG;
	slot->config_changed = false;
	return why;
}

const struct virtio_ops virtio_pci_ops = {
	.status = pci_status,
	.set_status = pci_set_status,
	.features = pci_features,
	.set_features = pci_set_features,
	.config_generation = pci_config_generation,
	.config_read = pci_config_read,
	.queue_max = pci_queue_max,
	.queue_enable = pci_queue_enable,
	.notify = pci_notify,
	.interrupt = pci_interrupt,
};
