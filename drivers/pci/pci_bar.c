/* SPDX-License-Identifier: ISC */
/*
 * Base address registers: section 6.2.5.
 */
#include "arch/mmu.h"
#include "base/assert.h"
#include "drivers/pci/pci_internal.h"
#include "drivers/pci/pci_regs.h"

/* Whole pieces of this size cost no page tables. What else is in one is devices' memory too. */
#define MAP_BYTES ((uintptr_t)2 << 20)

enum err pci_map(const struct pci_host *host, uintptr_t start, size_t bytes)
{
	if (start >= PCI_ADDRESS_LIMIT - MAP_BYTES || bytes > PCI_ADDRESS_LIMIT - MAP_BYTES - start)
		return ERR_RANGE;
	uintptr_t from = ROUND_DOWN(start, MAP_BYTES);
	if (from < host->mmio_start)
		return ERR_RANGE;
	return mmu_protect(from, ROUND_UP(start + bytes, MAP_BYTES) - from, MMU_DEVICE);
}

/* The bits of the BAR that can be written, which tell its size, and what it holds meanwhile. */
static uint32_t probe(const struct pci_function *f, unsigned n, uint32_t *value)
{
	*value = pci_read(f, PCI_BAR(n));
	pci_write(f, PCI_BAR(n), UINT32_MAX);
	uint32_t mask = pci_read(f, PCI_BAR(n));
	pci_write(f, PCI_BAR(n), *value);
	return mask;
}

/* Address and size of a BAR that decodes memory; both 0 for another one. */
static void measure(const struct pci_function *f, unsigned n, uint64_t *start, uint64_t *bytes)
{
	uint32_t low, high = 0;
	uint64_t mask = probe(f, n, &low);
	bool wide = (low & PCI_BAR_TYPE) == PCI_BAR_64;

	*start = *bytes = 0;
	if ((low & PCI_BAR_IO) != 0 || (wide && n + 1 == PCI_BARS))
		return;
	mask &= PCI_BAR_ADDRESS;
	if (wide)
		mask |= (uint64_t)probe(f, n + 1, &high) << 32;
	else if (mask != 0)
		mask |= (uint64_t)UINT32_MAX << 32;
	*start = (uint64_t)high << 32 | (low & PCI_BAR_ADDRESS);
	*bytes = -mask; /* its lowest bit, if those above are set as they have to be */
}

enum err pci_map_bar(const struct pci_function *f, unsigned n, struct pci_bar *bar)
{
	uint64_t start, bytes;

	assert(n < PCI_BARS);
	/* Without decoding: where the address has all ones while it is measured, others may be. */
	uint32_t command = pci_read(f, PCI_COMMAND) & PCI_COMMAND_MASK;
	pci_write(f, PCI_COMMAND, command & ~PCI_COMMAND_MEMORY);
	measure(f, n, &start, &bytes);
	pci_write(f, PCI_COMMAND, command);
	if (start == 0 || bytes == 0)
		return ERR_NODEV;
	if ((bytes & (bytes - 1)) != 0 || start % bytes != 0 || start >= PCI_ADDRESS_LIMIT ||
	    bytes > PCI_ADDRESS_LIMIT)
		return ERR_RANGE;
	*bar = (struct pci_bar){.start = (uintptr_t)start, .bytes = (size_t)bytes};
	return pci_map(f->host, bar->start, bar->bytes);
}
