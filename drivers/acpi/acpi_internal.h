/* SPDX-License-Identifier: ISC */
/*
 * Between the files of this folder.
 */
#ifndef DRIVERS_ACPI_ACPI_INTERNAL_H
#define DRIVERS_ACPI_ACPI_INTERNAL_H

#include "drivers/acpi/acpi.h"

/* Section 5.2.6: signature, length, revision, checksum and others, in front of each table. */
enum { ACPI_HEADER_BYTES = 36, ACPI_HEADER_LENGTH = 4 };

/* A whole table: its bytes have been summed up. */
struct acpi_table {
	const uint8_t *bytes;
	size_t len; /* at least ACPI_HEADER_BYTES */
};

/*
 * The table at `address` in *table, if it has this signature. ERR_NODEV: it has another or cannot
 * be read; ERR_INVALID: its length is absurd or its checksum wrong.
 */
MUST_USE enum err acpi_table_at(const struct acpi_memory *memory, uint64_t address,
				const char signature[static 4], struct acpi_table *table);

/* The first table with this signature; ERR_NODEV if there is none, ERR_INVALID if it is damaged. */
MUST_USE enum err acpi_find(const struct acpi *acpi, const char signature[static 4],
			    struct acpi_table *table);

/*
 * The two sleep types of \_S5 (section 7.4.2.6) in the DSDT's bytecode: false if they are not there
 * as plain constants.
 */
bool acpi_find_s5(const struct acpi_table *dsdt, uint8_t types[static 2]);

#endif
