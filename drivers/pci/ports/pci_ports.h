/* SPDX-License-Identifier: ISC */
/*
 * Configuration space behind two ports of a PC (PCI Local Bus Specification 3.0,
 * section 3.2.2.3.2): there on each, for who has no table that says where else it is. For x86
 * boards only.
 */
#ifndef DRIVERS_PCI_PORTS_PCI_PORTS_H
#define DRIVERS_PCI_PORTS_PCI_PORTS_H

#include "drivers/pci/pci.h"

/* Makes a host of all buses; `mmio_start` as in struct pci_host. */
void pci_ports_init(struct pci_host *host, uintptr_t mmio_start);

#endif
