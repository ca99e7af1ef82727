/* SPDX-License-Identifier: ISC */
/*
 * What a PC's firmware and loader leave behind: ACPI's tables, Multiboot2's tags, PCI's
 * configuration space. The first byte chooses.
 *
 * Random tables hardly pass the first checksum, so inputs for ACPI are edits of good ones: triples
 * of an offset of two bytes and a value, after which checksums are made right again.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/mmu.h"
#include "arch/x86_64/loaders/multiboot2.h"
#include "base/assert.h"
#include "base/bytes.h"
#include "drivers/pci/pci.h"
#include "drivers/virtio/pci/virtio_pci.h"
#include "tests/fakes/acpi_fake.h"

enum { CONFIG_BYTES = 256, READS_MAX = 200000, MAPS_MAX = 1000 };

#define RAM_END 0x4000000u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* --- ACPI --------------------------------------------------------------------------------------
 */

static void check_acpi(struct acpi_fake *fake)
{
	struct acpi_power power;
	struct acpi_ecam ecam;
	struct acpi acpi;

	if (acpi_init(&acpi, &fake->memory, ACPI_FAKE_BASE) != OK)
		return;
	if (acpi_find_power(&acpi, &power) == OK) {
		assert(power.type_a <= 7 && power.type_b <= 7);
		assert(power.pm1a_control != 0);
	}
	if (acpi_find_ecam(&acpi, &ecam) == OK)
		assert(ecam.base != 0 && ecam.first_bus <= ecam.last_bus);
	assert(fake->maps < MAPS_MAX);
}

static void parse_acpi(uint8_t revision, bool seal, const uint8_t *edits, size_t len)
{
	static const size_t tables[] = {ACPI_FAKE_RSDP, ACPI_FAKE_XSDT, ACPI_FAKE_RSDT,
					ACPI_FAKE_FADT, ACPI_FAKE_MCFG, ACPI_FAKE_DSDT};
	struct acpi_fake fake;

	acpi_fake_init(&fake, revision);
	for (; len >= 3; edits += 3, len -= 3)
		fake.bytes[load_le16(edits) % ACPI_FAKE_BYTES] = edits[2];
	for (size_t i = 0; seal && i < ARRAY_SIZE(tables); i++)
		acpi_fake_seal(&fake, tables[i]);
	check_acpi(&fake);
	acpi_fake_free(&fake);
}

/* --- Multiboot2 --------------------------------------------------------------------------------
 */

static void parse_tags(const uint8_t *bytes, size_t len)
{
	static struct multiboot2 out;
	uint8_t *tags = malloc(len + 1);
	const struct pvh_ram window = {.start = (uintptr_t)tags, .bytes = len};
	const char *cmdline;

	memcpy(tags, bytes, len);
	if (multiboot2_parse(&out, tags, len) == OK) {
		assert(out.info.n_memmap > 0 && out.info.n_memmap <= PVH_MEMMAP_MAX);
		assert(out.info.rsdp == 0 || (out.info.rsdp - window.start <= len - 20));
		if (pvh_cmdline(&out.info, window, &cmdline) == OK && cmdline != NULL)
			assert(strlen(cmdline) < PVH_CMDLINE_MAX);
		(void)pvh_ram_from(&out.info, 0x200000);
		(void)pvh_ram_low(&out.info, PVH_LOW);
		(void)pvh_ram_total(&out.info);
	}
	free(tags);
}

/* --- PCI ---------------------------------------------------------------------------------------
 */

static uint8_t config[CONFIG_BYTES];
static unsigned reads;

/* One function's space, which all of the machine's have; what is written to it, it forgets. */
static uint32_t read(const struct pci_host *host, uint32_t address, unsigned offset)
{
	(void)host;
	assert(address < 0x10000 && offset % 4 == 0 && offset < CONFIG_BYTES);
	reads++;
	return load_le32(config + offset);
}

/* BARs are measured: every second one answers with what the next one holds. */
static void write(const struct pci_host *host, uint32_t address, unsigned offset, uint32_t v)
{
	(void)host;
	(void)address;
	if (offset >= 0x10 && offset < 0x28 && v == UINT32_MAX)
		store_le32(config + offset, load_le32(config + offset + 0x18));
	else if (offset >= 0x10 && offset < 0x28)
		store_le32(config + offset, v);
}

enum err mmu_protect(uintptr_t start, size_t bytes, enum mmu_access access)
{
	assert(access == MMU_DEVICE && start >= RAM_END && start % PAGE_BYTES == 0);
	assert(bytes % PAGE_BYTES == 0 && start + bytes > start);
	return OK;
}

static bool within(struct virtio_pci_area area)
{
	return area.bytes == 0 || (area.start >= RAM_END && area.start + area.bytes > area.start);
}

static void probe(const uint8_t *bytes, size_t len)
{
	static const struct pci_host_ops ops = {.read = read, .write = write};
	const struct pci_host host = {.ops = &ops, .last = 3, .mmio_start = RAM_END};
	struct virtio_pci slot;
	struct pci_function f;
	uint32_t net = 1;

	memset(config, 0, sizeof(config));
	memcpy(config, bytes, MIN(len, sizeof(config)));
	reads = 0;
	if (pci_find(&host, virtio_pci_is, &net, 0, &f) == OK &&
	    virtio_pci_probe(&slot, &f) == OK) {
		assert(within(slot.common) && within(slot.notify) && within(slot.isr) &&
		       within(slot.config));
		if (virtio_pci_find_messages(&slot) == OK)
			assert(slot.msix.entries >= VIRTIO_PCI_MESSAGES &&
			       slot.msix.table >= RAM_END);
	}
	assert(reads < READS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	switch (bytes[0]) {
	case 'm':
		parse_tags(bytes + 1, len - 1);
		break;
	case 'p':
		probe(bytes + 1, len - 1);
		break;
	default:
		parse_acpi(bytes[0] & 2, (bytes[0] & 1) != 0, bytes + 1, len - 1);
	}
	return 0;
}
