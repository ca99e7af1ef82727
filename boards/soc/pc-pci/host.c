/* SPDX-License-Identifier: ISC */
/*
 * The virtio devices, for the images that ask for one.
 */
#include "boards/common/common.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"
#include "drivers/pci/ports/pci_ports.h"
#include "hal/board.h"

/* Configuration space in memory, where ACPI says that it is, is as good and costs one access. */
static const struct pci_host *find_host(void)
{
	static struct pci_host host;
	struct acpi_ecam ecam;
	struct acpi acpi;

	if (host.ops != NULL)
		return &host;
	struct board_memory memory = board_memory();
	uintptr_t ram_end = (uintptr_t)memory.start + memory.bytes;
	if (pc_pci_tables(&acpi) != OK || acpi_find_ecam(&acpi, &ecam) != OK ||
	    pci_ecam_init(&host, ecam.base, ecam.first_bus, ecam.last_bus, ram_end) != OK)
		pci_ports_init(&host, ram_end);
	return &host;
}

enum err pc_pci_find(struct virtio_pci *slot, uint32_t id, unsigned index)
{
	struct pci_function f;
	enum err e = pci_find(find_host(), virtio_pci_is, &id, index, &f);

	if (e != OK)
		return e;
	e = virtio_pci_probe(slot, &f);
	if (e != OK)
		board_complain("a virtio device has no registers of version 1.0 that can be used");
	return e == ERR_NODEV ? ERR_UNSUPPORTED : e;
}

/* A number of the local APIC, and the same for the device. */
static bool take_message(struct virtio_pci_message *m)
{
	struct apic_message taken;

	if (apic_take_message(pc_apic(), &taken) != OK)
		return false;
	*m = (struct virtio_pci_message){taken.address, taken.data, taken.line};
	return true;
}

/* For pci_find(), which so goes through all functions. */
static bool silence(const struct pci_function *f, void *arg)
{
	(void)arg;
	pci_silence(f);
	return false;
}

/*
 * Lines are shared, and a device that nobody here knows may have been left with something to say:
 * it would interrupt for ever.
 */
static void silence_all_once(const struct pci_host *host)
{
	static bool silent;
	struct pci_function none;

	silent = silent || pci_find(host, silence, NULL, 0, &none) == ERR_NODEV;
}

enum err pc_pci_interrupt(struct virtio_pci *slot, uint32_t *line, enum irq_trigger *trigger)
{
	struct virtio_pci_message config, queues;

	if (virtio_pci_find_messages(slot) == OK && take_message(&config) &&
	    take_message(&queues) &&
	    virtio_pci_use_messages(slot, &pc_apic()->chip, &config, &queues) == OK) {
		*line = queues.line;
		*trigger = IRQ_EDGE_RISING;
		return OK;
	}
	*line = pci_line(&slot->function);
	*trigger = IRQ_LEVEL_HIGH;
	if (*line == PCI_LINE_NONE)
		return ERR_NODEV;
	silence_all_once(slot->function.host);
	virtio_pci_use_line(slot);
	return OK;
}

struct virtio_device *pc_rng_device(void)
{
	static struct virtio_pci slot;

	return pc_pci_find(&slot, VIRTIO_ID_RNG, 0) == OK ? &slot.dev : NULL;
}
