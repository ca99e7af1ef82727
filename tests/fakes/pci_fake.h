/* SPDX-License-Identifier: ISC */
/*
 * PCI functions in memory, a host that reaches them, and an address space that notes what is
 * mapped. A test sets their words as firmware would leave them; BARs answer to being measured.
 */
#ifndef TESTS_FAKES_PCI_FAKE_H
#define TESTS_FAKES_PCI_FAKE_H

#include "drivers/pci/pci.h"

enum { PCI_FAKE_FUNCTIONS = 16, PCI_FAKE_WORDS = 64 };

struct pci_fake_function {
	uint32_t address;
	uint32_t word[PCI_FAKE_WORDS];
	uint32_t bar_mask[PCI_BARS]; /* bits that can be written */
	unsigned decoded_while_measured;
};

struct pci_fake {
	struct pci_host host;
	struct pci_fake_function function[PCI_FAKE_FUNCTIONS];
	unsigned n, reads;
	uintptr_t mapped_from, mapped_to; /* by the last mmu_protect() */
	unsigned maps;
	enum err map_result;
};

extern struct pci_fake pci_fake;

/* No functions, and RAM up to `mmio_start`. */
void pci_fake_init(uintptr_t mmio_start);

/* A function without capabilities; `bus`, `slot` and `number` may lead anywhere. */
struct pci_fake_function *pci_fake_add(unsigned bus, unsigned slot, unsigned number,
				       uint32_t vendor, uint32_t device);

/* Makes BAR `n`, and the next, one of 64 bits with `bytes` at `start`. */
void pci_fake_bar(struct pci_fake_function *f, unsigned n, uint64_t start, uint64_t bytes);

/* Puts a capability at offset `at`, in front of those there are: `words` from its first word on. */
void pci_fake_capability(struct pci_fake_function *f, unsigned at, uint8_t id,
			 const uint32_t *words, unsigned n);

/* The same function, as a driver has it. */
struct pci_function pci_fake_handle(const struct pci_fake_function *f);

#endif
