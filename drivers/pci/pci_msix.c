/* SPDX-License-Identifier: ISC */
/*
 * Interrupts as messages: MSI-X, section 6.8.2.
 */
#include "arch/mmio.h"
#include "base/assert.h"
#include "drivers/pci/pci.h"
#include "drivers/pci/pci_regs.h"

enum { CAPABILITY_BYTES = 12 };

enum err pci_msix_init(const struct pci_function *f, struct pci_msix *msix)
{
	struct pci_bar bar;

	unsigned at = pci_capability(f, PCI_CAP_MSIX, 0, CAPABILITY_BYTES);
	if (at == 0)
		return ERR_NODEV;
	uint32_t control = pci_read(f, at), table = pci_read(f, at + PCI_MSIX_TABLE);
	unsigned n = table & 7, offset = table & ~7u, entries = PCI_MSIX_SIZE(control);
	if (n >= PCI_BARS)
		return ERR_RANGE;
	enum err e = pci_map_bar(f, n, &bar);
	if (e != OK)
		return e;
	if (offset > bar.bytes || entries * PCI_MSIX_ENTRY_BYTES > bar.bytes - offset)
		return ERR_RANGE;
	*msix = (struct pci_msix){
		.capability = at,
		.table = bar.start + offset,
		.entries = (uint16_t)entries,
	};
	/* Section 6.8.2.3: while masked as a whole none is sent, however the table looks. */
	pci_write(f, at, (control | PCI_MSIX_MASK) & ~PCI_MSIX_ENABLE);
	return OK;
}

void pci_msix_set(const struct pci_msix *msix, unsigned n, uint64_t address, uint32_t data)
{
	uintptr_t entry = msix->table + n * PCI_MSIX_ENTRY_BYTES;

	assert(n < msix->entries);
	mmio_write32(entry + PCI_MSIX_ADDRESS, (uint32_t)address);
	mmio_write32(entry + PCI_MSIX_ADDRESS + 4, (uint32_t)(address >> 32));
	mmio_write32(entry + PCI_MSIX_DATA, data);
	mmio_write32(entry + PCI_MSIX_CONTROL, 0);
}

void pci_msix_enable(const struct pci_function *f, const struct pci_msix *msix)
{
	uint32_t control = pci_read(f, msix->capability);

	pci_write(f, msix->capability, (control | PCI_MSIX_ENABLE) & ~PCI_MSIX_MASK);
}
