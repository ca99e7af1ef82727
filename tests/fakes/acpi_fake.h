/* SPDX-License-Identifier: ISC */
/*
 * ACPI's tables as a PC's firmware leaves them, in memory that a test can change: a pointer, an
 * XSDT or an RSDT, an FADT with a DSDT, an MCFG. Checksums are right until something is changed.
 */
#ifndef TESTS_FAKES_ACPI_FAKE_H
#define TESTS_FAKES_ACPI_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "drivers/acpi/acpi.h"

/* Where memory begins, and what is where in it. */
#define ACPI_FAKE_BASE UINT64_C(0x7ffd0000)

enum {
	ACPI_FAKE_BYTES = 4096,
	ACPI_FAKE_RSDP = 0,
	ACPI_FAKE_XSDT = 64,
	ACPI_FAKE_RSDT = 192,
	ACPI_FAKE_FADT = 320,
	ACPI_FAKE_MCFG = 640,
	ACPI_FAKE_DSDT = 768,
	ACPI_FAKE_DSDT_BYTES = 256,
	ACPI_FAKE_S5 = ACPI_FAKE_DSDT + 100, /* the name, behind its operator */
	ACPI_FAKE_PM1A = 0x604,
};

struct acpi_fake {
	uint8_t *bytes; /* ACPI_FAKE_BYTES, from malloc(): a read beyond is seen */
	size_t len;
	unsigned maps; /* calls of map() */
	struct acpi_memory memory;
};

/* Builds them; `revision` of the pointer is 0 (ACPI 1.0, an RSDT) or 2. */
void acpi_fake_init(struct acpi_fake *fake, uint8_t revision);
void acpi_fake_free(struct acpi_fake *fake);

/* Makes the checksums of the table at an offset, or of the pointer, right again. */
void acpi_fake_seal(struct acpi_fake *fake, size_t at);

#endif
