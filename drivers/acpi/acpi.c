/* SPDX-License-Identifier: ISC */
/*
 * From the pointer to the tables: sections 5.2.5 to 5.2.8.
 */
#include <string.h>

#include "base/bytes.h"
#include "drivers/acpi/acpi_internal.h"

/* Section 5.2.5.3: the pointer of ACPI 1.0 and what later versions have behind it. */
enum {
	RSDP_REVISION = 15,
	RSDP_RSDT = 16,
	RSDP_BYTES_1 = 20,
	RSDP_LENGTH = 20,
	RSDP_XSDT = 24,
	RSDP_BYTES = 36,
};

/* PCI Firmware Specification 3.3, table 4-2: entries of 16 bytes behind 8 reserved ones. */
enum {
	MCFG_ENTRY = ACPI_HEADER_BYTES + 8,
	MCFG_ENTRY_BYTES = 16,
	MCFG_FIRST_BUS = 10,
	MCFG_LAST_BUS = 11,
};

/* Section 5.2.6: all bytes together are 0. */
static bool sums_up(const uint8_t *bytes, size_t len)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

static const uint8_t *map(const struct acpi_memory *memory, uint64_t address, size_t bytes)
{
	if (address == 0 || address > UINT64_MAX - bytes)
		return NULL;
	return memory->map(memory->arg, address, bytes);
}

enum err acpi_table_at(const struct acpi_memory *memory, uint64_t address,
		       const char signature[static 4], struct acpi_table *table)
{
	const uint8_t *header = map(memory, address, ACPI_HEADER_BYTES);
	if (header == NULL || memcmp(header, signature, 4) != 0)
		return ERR_NODEV;
	size_t len = load_le32(header + ACPI_HEADER_LENGTH);
	if (len < ACPI_HEADER_BYTES || len > ACPI_TABLE_BYTES_MAX)
		return ERR_INVALID;
	const uint8_t *bytes = map(memory, address, len);
	if (bytes == NULL || !sums_up(bytes, len))
		return ERR_INVALID;
	*table = (struct acpi_table){.bytes = bytes, .len = len};
	return OK;
}

/* Takes the entries of the root table at `address`. */
static enum err take_root(struct acpi *acpi, uint64_t address, const char signature[static 4],
			  unsigned entry_bytes)
{
	struct acpi_table root;
	enum err e = acpi_table_at(acpi->memory, address, signature, &root);

	if (e != OK)
		return ERR_INVALID;
	acpi->entries = root.bytes + ACPI_HEADER_BYTES;
	acpi->entry_bytes = entry_bytes;
	acpi->n_entries = (unsigned)((root.len - ACPI_HEADER_BYTES) / entry_bytes);
	acpi->n_entries = MIN(acpi->n_entries, (unsigned)ACPI_TABLES_MAX);
	return OK;
}

enum err acpi_init(struct acpi *acpi, const struct acpi_memory *memory, uint64_t rsdp)
{
	const uint8_t *p = map(memory, rsdp, RSDP_BYTES_1);

	*acpi = (struct acpi){.memory = memory};
	if (p == NULL || memcmp(p, "RSD PTR ", 8) != 0 || !sums_up(p, RSDP_BYTES_1))
		return ERR_NODEV;
	uint32_t rsdt = load_le32(p + RSDP_RSDT);
	if (p[RSDP_REVISION] >= 2) {
		p = map(memory, rsdp, RSDP_BYTES);
		if (p == NULL || load_le32(p + RSDP_LENGTH) != RSDP_BYTES ||
		    !sums_up(p, RSDP_BYTES))
			return ERR_NODEV;
		uint64_t xsdt = load_le64(p + RSDP_XSDT);
		if (xsdt != 0)
			return take_root(acpi, xsdt, "XSDT", 8);
	}
	return take_root(acpi, rsdt, "RSDT", 4);
}

enum err acpi_find(const struct acpi *acpi, const char signature[static 4],
		   struct acpi_table *table)
{
	for (unsigned i = 0; i < acpi->n_entries; i++) {
		const uint8_t *entry = acpi->entries + (size_t)i * acpi->entry_bytes;
		uint64_t address = acpi->entry_bytes == 8 ? load_le64(entry) : load_le32(entry);
		enum err e = acpi_table_at(acpi->memory, address, signature, table);
		if (e != ERR_NODEV)
			return e;
	}
	return ERR_NODEV;
}

enum err acpi_find_ecam(const struct acpi *acpi, struct acpi_ecam *ecam)
{
	struct acpi_table mcfg;
	enum err e = acpi_find(acpi, "MCFG", &mcfg);

	if (e != OK)
		return e;
	if (mcfg.len < MCFG_ENTRY + MCFG_ENTRY_BYTES)
		return ERR_INVALID;
	const uint8_t *entry = mcfg.bytes + MCFG_ENTRY;
	*ecam = (struct acpi_ecam){
		.base = load_le64(entry),
		.first_bus = entry[MCFG_FIRST_BUS],
		.last_bus = entry[MCFG_LAST_BUS],
	};
	return ecam->base != 0 && ecam->first_bus <= ecam->last_bus ? OK : ERR_INVALID;
}
