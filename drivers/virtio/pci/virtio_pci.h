/* SPDX-License-Identifier: ISC */
/*
 * Virtio over PCI (section 4.1), by the interface of version 1.0 and later. Transitional devices
 * have that too, and are driven by it.
 *
 * The device says where in its BARs its registers are; each of its structures is held against the
 * BAR once, here, and every later access against the structure. It interrupts by messages (MSI-X),
 * one for all queues and one for a changed configuration, so that no register is read to find out
 * why; or by its line. Without either, it can be polled.
 *
 * A board finds it by virtio_pci_is() and pci_find(), probes it, says how it interrupts, and hands
 * &slot.dev to the driver with the line. The structure must live as long as the driver.
 */
#ifndef DRIVERS_VIRTIO_PCI_VIRTIO_PCI_H
#define DRIVERS_VIRTIO_PCI_VIRTIO_PCI_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/pci/pci.h"
#include "drivers/virtio/virtio.h"
#include "hal/irq.h"

enum {
	VIRTIO_PCI_QUEUES = 4,   /* that can be enabled, from 0 */
	VIRTIO_PCI_MESSAGES = 2, /* that a device needs, to use them: configuration, queues */
};

/* Of a device's memory. */
struct virtio_pci_area {
	uintptr_t start;
	uint32_t bytes;
};

struct virtio_pci {
	struct virtio_device dev;
	struct pci_function function;
	struct virtio_pci_area common, notify, isr, config;
	uint32_t notify_multiplier;
	uintptr_t notify_at[VIRTIO_PCI_QUEUES]; /* registers; 0: not enabled */
	struct pci_msix msix;
	struct irq_chip *irq;                 /* of messages; NULL: it has its line, or is polled */
	uint32_t line;                        /* of the queues' message */
	uint16_t config_vector, queue_vector; /* numbers of the messages */
	bool config_changed; /* set by the handler of the configuration's message */
};

/* Where to write what for an interrupt of `line`, an edge. */
struct virtio_pci_message {
	uint64_t address;
	uint32_t data;
	uint32_t line;
};

/* Whether the function is a virtio device of type *(uint32_t *)id. For pci_find(). */
bool virtio_pci_is(const struct pci_function *f, void *id);

/*
 * Prepares `slot` for the device that virtio_pci_is() said yes to: maps its registers. ERR_NODEV:
 * it has none of version 1.0, or firmware has given it no memory; ERR_RANGE: they lie outside of
 * its BARs, or those where they cannot be; ERR_NOMEM: they cannot be mapped.
 */
MUST_USE enum err virtio_pci_probe(struct virtio_pci *slot, const struct pci_function *f);

/* Whether it can interrupt by messages; ERR_NODEV and others of pci_msix_init() if it cannot. */
MUST_USE enum err virtio_pci_find_messages(struct virtio_pci *slot);

/*
 * From now on it interrupts by messages of `irq`: `queues` for queues, and `config` for its
 * configuration, for whose line a handler is attached here. The driver attaches its own to
 * queues->line, an edge. After virtio_pci_find_messages(). Errors as irq_attach().
 */
MUST_USE enum err virtio_pci_use_messages(struct virtio_pci *slot, struct irq_chip *irq,
					  const struct virtio_pci_message *config,
					  const struct virtio_pci_message *queues);

/* From now on it interrupts by its line: pci_line(), which is active while it is not acknowledged.
 */
void virtio_pci_use_line(struct virtio_pci *slot);

extern const struct virtio_ops virtio_pci_ops; /* for virtio_pci_probe() */

#endif
