/* SPDX-License-Identifier: ISC */
#include "drivers/pci/ports/pci_ports.h"

#include "arch/x86.h"

#define ADDRESS_PORT   0xcf8
#define DATA_PORT      0xcfc
#define ADDRESS_ENABLE (1u << 31)

static uint32_t ports_read(const struct pci_host *host, uint32_t address, unsigned offset)
{
	(void)host;
	port_write32(ADDRESS_PORT, ADDRESS_ENABLE | address << 8 | offset);
	return port_read32(DATA_PORT);
}

static void ports_write(const struct pci_host *host, uint32_t address, unsigned offset, uint32_t v)
{
	(void)host;
	port_write32(ADDRESS_PORT, ADDRESS_ENABLE | address << 8 | offset);
	port_write32(DATA_PORT, v);
}

static const struct pci_host_ops ports_ops = {.read = ports_read, .write = ports_write};

void pci_ports_init(struct pci_host *host, uintptr_t mmio_start)
{
	*host = (struct pci_host){
		.ops = &ports_ops,
		.last = PCI_BUSES_MAX - 1,
		.mmio_start = mmio_start,
	};
}
