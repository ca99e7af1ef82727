/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef DRIVERS_PCI_PCI_INTERNAL_H
#define DRIVERS_PCI_PCI_INTERNAL_H

#include "drivers/pci/pci.h"

/* Beyond this nothing can be mapped on any of our processors. */
#define PCI_ADDRESS_LIMIT (UINT64_C(1) << 47)

/* Maps a device's memory; ERR_RANGE: it would lie where the RAM is, or beyond all addresses. */
MUST_USE enum err pci_map(const struct pci_host *host, uintptr_t start, size_t bytes);

#endif
