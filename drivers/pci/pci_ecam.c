/* SPDX-License-Identifier: ISC */
/*
 * Configuration space in memory: PCI Express Base Specification 5.0, section 7.2.2.
 */
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/pci/pci_internal.h"

#define FUNCTION_BYTES 4096
#define BUS_BYTES      0x100000u

static uint32_t ecam_read(const struct pci_host *host, uint32_t address, unsigned offset)
{
	return mmio_read32(host->ecam + (uintptr_t)address * FUNCTION_BYTES + offset);
}

static void ecam_write(const struct pci_host *host, uint32_t address, unsigned offset, uint32_t v)
{
	mmio_write32(host->ecam + (uintptr_t)address * FUNCTION_BYTES + offset, v);
}

static const struct pci_host_ops ecam_ops = {.read = ecam_read, .write = ecam_write};

enum err pci_ecam_init(struct pci_host *host, uint64_t base, uint8_t first, uint8_t last,
		       uintptr_t mmio_start)
{
	if (base % BUS_BYTES != 0 || first > last || base >= PCI_ADDRESS_LIMIT)
		return ERR_RANGE;
	*host = (struct pci_host){
		.ops = &ecam_ops,
		.ecam = (uintptr_t)base,
		.first = first,
		.last = last,
		.mmio_start = mmio_start,
	};
	return pci_map(host, (uintptr_t)base + first * BUS_BYTES, (last - first + 1u) * BUS_BYTES);
}
