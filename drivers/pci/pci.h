/* SPDX-License-Identifier: ISC */
/*
 * PCI (Local Bus Specification 3.0): finding functions, their memory and their messages.
 *
 * A host is how configuration space is reached: by memory (pci_ecam_init()) or, on PCs, by two
 * ports (pci_ports_init()). Firmware has numbered the buses and placed the BARs; nothing is placed
 * here. What configuration space says is checked before it is used: buses are visited once each,
 * lists of capabilities end, and no address is believed that could be the machine's RAM.
 *
 * A host lives as long as the functions found on it. Start-up and event loop only.
 */
#ifndef DRIVERS_PCI_PCI_H
#define DRIVERS_PCI_PCI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	PCI_BUSES_MAX = 256,
	PCI_BARS = 6,
	PCI_CAPABILITIES_MAX = 48,
	PCI_LINE_NONE = 0xff, /* no interrupt line is connected */
};

struct pci_host;

/* Words of 32 bits at an offset that is a multiple of 4, below 256. */
struct pci_host_ops {
	uint32_t (*read)(const struct pci_host *host, uint32_t address, unsigned offset);
	void (*write)(const struct pci_host *host, uint32_t address, unsigned offset, uint32_t v);
};

struct pci_host {
	const struct pci_host_ops *ops;
	uintptr_t ecam;       /* where bus 0 would be, or 0 */
	uint8_t first, last;  /* buses */
	uintptr_t mmio_start; /* BARs lie from here on: all RAM that is used ends before */
};

/* A function of a device: where it is (bus << 8 | device << 3 | function) and what. */
struct pci_function {
	const struct pci_host *host;
	uint32_t address;
	uint16_t vendor, device;
};

/* A BAR that decodes memory. */
struct pci_bar {
	uintptr_t start;
	size_t bytes;
};

/*
 * Makes a host of the configuration space in memory at `base` (PCI Express Base Specification,
 * section 7.2.2: 1 MiB for each bus), whose first bus is `first`, and maps it. ERR_RANGE: no such
 * space can be there; ERR_NOMEM: it cannot be mapped.
 */
MUST_USE enum err pci_ecam_init(struct pci_host *host, uint64_t base, uint8_t first, uint8_t last,
				uintptr_t mmio_start);

static inline uint32_t pci_read(const struct pci_function *f, unsigned offset)
{
	return f->host->ops->read(f->host, f->address, offset);
}

static inline void pci_write(const struct pci_function *f, unsigned offset, uint32_t value)
{
	f->host->ops->write(f->host, f->address, offset, value);
}

/*
 * Finds function number `index`, from 0, of those that `wanted` says yes to, in the order of buses,
 * devices and functions. ERR_NODEV: there are not so many.
 */
MUST_USE enum err pci_find(const struct pci_host *host,
			   bool (*wanted)(const struct pci_function *f, void *arg), void *arg,
			   unsigned index, struct pci_function *found);

/*
 * Capability number `index`, from 0, of those of type `id` with at least `bytes` of configuration
 * space: its offset, a multiple of 4, or 0. At most PCI_CAPABILITIES_MAX are looked at, as many as
 * there is room for: in a list that goes round the same ones come again.
 */
unsigned pci_capability(const struct pci_function *f, uint8_t id, unsigned index, unsigned bytes);

/*
 * Finds out where BAR number `n` is and how large, and maps it as a device's memory. The function
 * must not be in use: it does not decode meanwhile. ERR_NODEV: it is none, decodes ports or was
 * given no address; ERR_RANGE: its address cannot be right; ERR_NOMEM: it cannot be mapped.
 */
MUST_USE enum err pci_map_bar(const struct pci_function *f, unsigned n, struct pci_bar *bar);

/* Lets the function decode memory and read and write RAM; its line stays silent unless `intx`. */
void pci_enable(const struct pci_function *f, bool intx);

/* Keeps the function's line silent, whatever it does. */
void pci_silence(const struct pci_function *f);

/* The interrupt line that firmware has noted, on PCs the number of a pin, or PCI_LINE_NONE. */
uint8_t pci_line(const struct pci_function *f);

/* --- messages (MSI-X, section 6.8.2) -----------------------------------------------------------
 */

struct pci_msix {
	unsigned capability;
	uintptr_t table;
	uint16_t entries;
};

/*
 * Finds the table of messages, masks all of them and maps it. ERR_NODEV: the function has none;
 * others as pci_map_bar().
 */
MUST_USE enum err pci_msix_init(const struct pci_function *f, struct pci_msix *msix);

/* Message number `n`, one of the entries: `data` is written to `address`. */
void pci_msix_set(const struct pci_msix *msix, unsigned n, uint64_t address, uint32_t data);

/* From now on the function sends the messages that were set. */
void pci_msix_enable(const struct pci_function *f, const struct pci_msix *msix);

#endif
