/* SPDX-License-Identifier: ISC */
#include "drivers/pci/pci.h"

#include "base/assert.h"
#include "drivers/pci/pci_regs.h"

enum {
	FUNCTIONS_OF_A_BUS = 256,
	FUNCTIONS_OF_A_DEVICE = 8,
};

/* Buses that a bridge leads to, a bit each. */
struct buses {
	uint32_t word[PCI_BUSES_MAX / 32];
};

static bool is_in(const struct buses *b, unsigned bus)
{
	return (b->word[bus / 32] >> bus % 32 & 1) != 0;
}

/* False: nothing answers there. */
static bool look(const struct pci_host *host, uint32_t address, struct pci_function *f)
{
	*f = (struct pci_function){.host = host, .address = address};
	uint32_t id = pci_read(f, PCI_ID);
	f->vendor = (uint16_t)id;
	f->device = (uint16_t)(id >> 16);
	return f->vendor != 0xffff && f->vendor != 0;
}

/*
 * Notes the bus behind a bridge. Firmware numbers it higher than the bridge's own, so that one pass
 * upwards visits each bus once, whatever the bridges say.
 */
static void note_bridge(const struct pci_function *f, struct buses *buses)
{
	uint32_t header = pci_read(f, PCI_HEADER);

	if (PCI_HEADER_TYPE(header) != PCI_HEADER_BRIDGE)
		return;
	uint32_t secondary = pci_read(f, PCI_BUSES) >> 8 & 0xff;
	if (secondary > f->address >> 8)
		buses->word[secondary / 32] |= 1u << secondary % 32;
}

/* Goes through one bus. True: *found is the function; else *index is what is left to find. */
static bool scan(const struct pci_host *host, unsigned bus, struct buses *buses,
		 bool (*wanted)(const struct pci_function *f, void *arg), void *arg,
		 unsigned *index, struct pci_function *found)
{
	for (unsigned i = 0; i < FUNCTIONS_OF_A_BUS; i++) {
		if (!look(host, bus << 8 | i, found)) {
			if (i % FUNCTIONS_OF_A_DEVICE == 0) /* then there are no others */
				i += FUNCTIONS_OF_A_DEVICE - 1;
			continue;
		}
		note_bridge(found, buses);
		if (wanted(found, arg) && (*index)-- == 0)
			return true;
		if (i % FUNCTIONS_OF_A_DEVICE == 0 &&
		    (pci_read(found, PCI_HEADER) & PCI_HEADER_MULTI) == 0)
			i += FUNCTIONS_OF_A_DEVICE - 1;
	}
	return false;
}

enum err pci_find(const struct pci_host *host,
		  bool (*wanted)(const struct pci_function *f, void *arg), void *arg,
		  unsigned index, struct pci_function *found)
{
	struct buses buses = {0};

	buses.word[host->first / 32] |= 1u << host->first % 32;
	for (unsigned bus = host->first; bus <= host->last; bus++) {
		if (is_in(&buses, bus) && scan(host, bus, &buses, wanted, arg, &index, found))
			return OK;
	}
	return ERR_NODEV;
}

unsigned pci_capability(const struct pci_function *f, uint8_t id, unsigned index, unsigned bytes)
{
	unsigned next = PCI_CAPABILITIES;

	if ((pci_read(f, PCI_COMMAND) & PCI_STATUS_LIST) == 0)
		return 0;
	for (unsigned i = 0; i < PCI_CAPABILITIES_MAX; i++) {
		uint32_t word = pci_read(f, next);
		next = (next == PCI_CAPABILITIES ? word : word >> 8) & 0xfc;
		if (next < PCI_CAPABILITIES_START)
			return 0;
		if ((pci_read(f, next) & 0xff) == id && bytes <= PCI_CONFIG_BYTES - next &&
		    index-- == 0)
			return next;
	}
	return 0;
}

void pci_enable(const struct pci_function *f, bool intx)
{
	uint32_t command = pci_read(f, PCI_COMMAND) & PCI_COMMAND_MASK & ~PCI_COMMAND_NO_INTX;

	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	pci_write(f, PCI_COMMAND, intx ? command : command | PCI_COMMAND_NO_INTX);
}

void pci_silence(const struct pci_function *f)
{
	uint32_t command = pci_read(f, PCI_COMMAND) & PCI_COMMAND_MASK;

	pci_write(f, PCI_COMMAND, command | PCI_COMMAND_NO_INTX);
}

uint8_t pci_line(const struct pci_function *f)
{
	uint32_t word = pci_read(f, PCI_INTERRUPT);

	return (word >> 8 & 0xff) != 0 ? (uint8_t)word : (uint8_t)PCI_LINE_NONE;
}
