/* SPDX-License-Identifier: ISC */
/*
 * Finding a device's registers and its interrupts.
 */
#include "base/assert.h"
#include "drivers/pci/pci_regs.h"
#include "drivers/virtio/pci/virtio_pci.h"
#include "drivers/virtio/pci/virtio_pci_regs.h"

/* Numbers of messages in the device's table. */
enum { MESSAGE_CONFIG, MESSAGE_QUEUES };

static uint32_t type_of(const struct pci_function *f)
{
	if (f->vendor != VIRTIO_PCI_VENDOR || f->device < VIRTIO_PCI_DEVICE_TRANSITIONAL ||
	    f->device > VIRTIO_PCI_DEVICE_LAST)
		return 0;
	if (f->device < VIRTIO_PCI_DEVICE_MODERN)
		return pci_read(f, PCI_SUBSYSTEM) >> 16;
	return (uint32_t)f->device - VIRTIO_PCI_DEVICE_MODERN;
}

bool virtio_pci_is(const struct pci_function *f, void *id)
{
	return type_of(f) == *(const uint32_t *)id;
}

/* The BARs that were mapped so far: most devices have all structures in one. */
struct bars {
	const struct pci_function *f;
	struct pci_bar bar[PCI_BARS]; /* of no bytes: not yet */
};

static enum err map_bar(struct bars *bars, unsigned n)
{
	if (n >= PCI_BARS) /* reserved: section 4.1.4.1 has it ignored */
		return ERR_NODEV;
	return bars->bar[n].bytes > 0 ? OK : pci_map_bar(bars->f, n, &bars->bar[n]);
}

/* What a structure has to be. */
struct kind {
	uint8_t type;
	uint8_t bytes_min, alignment;
};

/* The structure that the capability at `at` describes. */
static enum err map_area(struct bars *bars, unsigned at, struct kind kind,
			 struct virtio_pci_area *area)
{
	unsigned n = pci_read(bars->f, at + VIRTIO_PCI_CAP_BAR) & 0xff;
	uint32_t offset = pci_read(bars->f, at + VIRTIO_PCI_CAP_OFFSET);
	uint32_t length = pci_read(bars->f, at + VIRTIO_PCI_CAP_LENGTH);
	enum err e = map_bar(bars, n);

	if (e != OK)
		return e;
	const struct pci_bar *bar = &bars->bar[n];
	if (offset % kind.alignment != 0 || length < kind.bytes_min || offset > bar->bytes ||
	    length > bar->bytes - offset)
		return ERR_RANGE;
	*area = (struct virtio_pci_area){.start = bar->start + offset, .bytes = length};
	return OK;
}

/*
 * Section 4.1.4.1: of several structures of a type the first that can be used is. *at is the offset
 * of its capability.
 */
static enum err find_area(struct bars *bars, struct kind kind, struct virtio_pci_area *area,
			  unsigned *at)
{
	enum err e = ERR_NODEV;

	for (unsigned i = 0; i < PCI_CAPABILITIES_MAX; i++) {
		*at = pci_capability(bars->f, PCI_CAP_VENDOR, i, VIRTIO_PCI_CAP_BYTES);
		if (*at == 0)
			break;
		if (pci_read(bars->f, *at + VIRTIO_PCI_CAP_TYPE) >> 24 != kind.type)
			continue;
		e = map_area(bars, *at, kind, area);
		if (e == OK)
			break;
	}
	return e;
}

static enum err find_notify(struct virtio_pci *slot, struct bars *bars)
{
	static const struct kind notify = {VIRTIO_PCI_TYPE_NOTIFY, 2, 2};
	unsigned at;
	enum err e = find_area(bars, notify, &slot->notify, &at);

	if (e != OK)
		return e;
	if (at + VIRTIO_PCI_CAP_MULTIPLIER + 4 > PCI_CONFIG_BYTES)
		return ERR_RANGE;
	slot->notify_multiplier = pci_read(bars->f, at + VIRTIO_PCI_CAP_MULTIPLIER);
	/* Section 4.1.4.4.1: an even power of two, or 0; here, what leaves registers aligned. */
	return slot->notify_multiplier % 2 == 0 ? OK : ERR_RANGE;
}

enum err virtio_pci_probe(struct virtio_pci *slot, const struct pci_function *f)
{
	static const struct kind common = {VIRTIO_PCI_TYPE_COMMON, VIRTIO_PCI_COMMON_BYTES, 4};
	static const struct kind isr = {VIRTIO_PCI_TYPE_ISR, 1, 1};
	static const struct kind config = {VIRTIO_PCI_TYPE_DEVICE, 1, 4};
	struct bars bars = {.f = f};
	unsigned at;

	*slot = (struct virtio_pci){
		.dev = {.ops = &virtio_pci_ops, .id = type_of(f)},
		.function = *f,
	};
	enum err e = find_area(&bars, common, &slot->common, &at);
	if (e == OK)
		e = find_notify(slot, &bars);
	if (e == OK)
		e = find_area(&bars, isr, &slot->isr, &at);
	if (e != OK)
		return e;
	/* Not all types have one: its fields read as zeros then. */
	e = find_area(&bars, config, &slot->config, &at);
	if (e != OK && e != ERR_NODEV)
		return e;
	pci_enable(f, false);
	return OK;
}

enum err virtio_pci_find_messages(struct virtio_pci *slot)
{
	enum err e = pci_msix_init(&slot->function, &slot->msix);

	return e == OK && slot->msix.entries < VIRTIO_PCI_MESSAGES ? ERR_NODEV : e;
}

/* The driver's handler learns what happened from virtio_interrupt(), whichever message came. */
static void config_interrupt(void *arg)
{
	struct virtio_pci *slot = arg;
	const struct irq_line *queues = &slot->irq->lines[slot->line];

	slot->config_changed = true;
	if (queues->handler != NULL)
		queues->handler(queues->arg);
}

enum err virtio_pci_use_messages(struct virtio_pci *slot, struct irq_chip *irq,
				 const struct virtio_pci_message *config,
				 const struct virtio_pci_message *queues)
{
	assert(slot->msix.entries >= VIRTIO_PCI_MESSAGES);
	slot->irq = irq;
	slot->line = queues->line;
	enum err e = irq_attach(irq, config->line, IRQ_EDGE_RISING, config_interrupt, slot);
	if (e != OK)
		return e;
	slot->config_vector = MESSAGE_CONFIG;
	slot->queue_vector = MESSAGE_QUEUES;
	pci_msix_set(&slot->msix, MESSAGE_CONFIG, config->address, config->data);
	pci_msix_set(&slot->msix, MESSAGE_QUEUES, queues->address, queues->data);
	pci_msix_enable(&slot->function, &slot->msix);
	return OK;
}

void virtio_pci_use_line(struct virtio_pci *slot)
{
	pci_enable(&slot->function, true);
}
