/* SPDX-License-Identifier: ISC */
/*
 * ACPI's tables (Advanced Configuration and Power Interface Specification 6.4), as far as a machine
 * needs them that has no interpreter for their bytecode: how it is switched off and reset, and
 * where the configuration space of PCI is.
 *
 * Tables are what firmware left in memory, and hostile input: each is asked for by address and
 * length from the owner of the address space, who says no to what cannot be a table; lengths
 * are bounded, checksums checked, and no offset is followed beyond its table. Nothing is kept but
 * numbers. No function allocates, blocks or touches a device; tables are not written to.
 */
#ifndef DRIVERS_ACPI_ACPI_H
#define DRIVERS_ACPI_ACPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	ACPI_TABLE_BYTES_MAX = 1 << 20, /* of a table that is looked at */
	ACPI_TABLES_MAX = 64,           /* that a root table is believed to have */
};

/*
 * Makes `bytes` (at least 1, at most ACPI_TABLE_BYTES_MAX) at `address` readable and returns where
 * they are, or NULL. What it has returned stays readable while the functions here run.
 */
struct acpi_memory {
	const void *(*map)(void *arg, uint64_t address, size_t bytes);
	void *arg;
};

/* The root table: valid as long as its memory. */
struct acpi {
	const struct acpi_memory *memory;
	const uint8_t *entries;
	unsigned n_entries, entry_bytes;
};

/*
 * Finds the root table by the pointer (RSDP, section 5.2.5.3) at `rsdp`: the XSDT, or the RSDT
 * where there is none. ERR_NODEV: there is no pointer, or its checksum is wrong; ERR_INVALID: the
 * tables behind it cannot be used.
 */
MUST_USE enum err acpi_init(struct acpi *acpi, const struct acpi_memory *memory, uint64_t rsdp);

/* How the machine sleeps for ever and how it begins anew (FADT, section 5.2.9; \_S5 of the DSDT).
 */
struct acpi_power {
	uint16_t pm1a_control, pm1b_control; /* ports; 0: not there */
	uint8_t type_a, type_b;              /* what is written there as SLP_TYP for S5 */
	uint16_t smi_command;                /* port that turns ACPI on, or 0: it is on */
	uint8_t smi_enable;                  /* what is written there */
	uint16_t reset_port;                 /* 0: none */
	uint8_t reset_value;
};

/*
 * ERR_NODEV: there is no FADT, or no PM1 control register, as on machines with reduced hardware;
 * ERR_INVALID: it or the DSDT is damaged, or \_S5 is not there. Then `power` has what was found
 * until there.
 */
MUST_USE enum err acpi_find_power(const struct acpi *acpi, struct acpi_power *power);

/* Configuration space in memory (MCFG; PCI Firmware Specification 3.3, section 4.1.2). */
struct acpi_ecam {
	uint64_t base; /* where that of bus 0 would be */
	uint8_t first_bus, last_bus;
};

/* That of the first segment. ERR_NODEV: no table says; ERR_INVALID: it is damaged. */
MUST_USE enum err acpi_find_ecam(const struct acpi *acpi, struct acpi_ecam *ecam);

#endif
