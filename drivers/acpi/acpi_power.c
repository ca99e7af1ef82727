/* SPDX-License-Identifier: ISC */
/*
 * Switching off and resetting: the FADT, section 5.2.9.
 */
#include "base/bytes.h"
#include "drivers/acpi/acpi_internal.h"

enum {
	FADT_DSDT = 40,
	FADT_SMI_COMMAND = 48,
	FADT_ACPI_ENABLE = 52,
	FADT_PM1A_CONTROL = 64,
	FADT_PM1B_CONTROL = 68,
	FADT_FLAGS = 112,
	FADT_BYTES_1 = 116, /* of ACPI 1.0 */
	FADT_RESET = 116,
	FADT_RESET_VALUE = 128,
	FADT_X_DSDT = 140,
	FADT_X_PM1A_CONTROL = 172,
	FADT_X_PM1B_CONTROL = 184,
};

#define FLAG_RESET   (1u << 10)
#define FLAG_REDUCED (1u << 20) /* section 4.1: there is no PM1 */

/* Section 5.2.3.2: a generic address. */
enum { GAS_SPACE = 0, GAS_ADDRESS = 4, GAS_BYTES = 12, SPACE_PORTS = 1 };

static uint16_t port(uint64_t address)
{
	return address <= UINT16_MAX ? (uint16_t)address : 0;
}

/* The port of the address at `at`, 0 if the table ends before or it is in another space. */
static uint16_t generic_port(const struct acpi_table *t, size_t at)
{
	if (t->len < at + GAS_BYTES || t->bytes[at + GAS_SPACE] != SPACE_PORTS)
		return 0;
	return port(load_le64(t->bytes + at + GAS_ADDRESS));
}

/* The port of a register that has a place of 32 bits and, since ACPI 2.0, a generic one. */
static uint16_t register_port(const struct acpi_table *t, size_t at, size_t at_x)
{
	uint16_t wide = generic_port(t, at_x);

	return wide != 0 ? wide : port(load_le32(t->bytes + at));
}

static uint64_t dsdt_of(const struct acpi_table *fadt)
{
	uint64_t wide = fadt->len >= FADT_X_DSDT + 8 ? load_le64(fadt->bytes + FADT_X_DSDT) : 0;

	return wide != 0 ? wide : load_le32(fadt->bytes + FADT_DSDT);
}

static void read_fadt(const struct acpi_table *fadt, struct acpi_power *power)
{
	uint32_t flags = load_le32(fadt->bytes + FADT_FLAGS);

	if ((flags & FLAG_RESET) != 0 && fadt->len > FADT_RESET_VALUE) {
		power->reset_port = generic_port(fadt, FADT_RESET);
		power->reset_value = fadt->bytes[FADT_RESET_VALUE];
	}
	if ((flags & FLAG_REDUCED) != 0)
		return;
	power->pm1a_control = register_port(fadt, FADT_PM1A_CONTROL, FADT_X_PM1A_CONTROL);
	power->pm1b_control = register_port(fadt, FADT_PM1B_CONTROL, FADT_X_PM1B_CONTROL);
	power->smi_command = port(load_le32(fadt->bytes + FADT_SMI_COMMAND));
	power->smi_enable = fadt->bytes[FADT_ACPI_ENABLE];
	if (power->smi_enable == 0) /* section 4.8.2: it is on and stays so */
		power->smi_command = 0;
}

enum err acpi_find_power(const struct acpi *acpi, struct acpi_power *power)
{
	struct acpi_table fadt, dsdt;
	uint8_t types[2];

	*power = (struct acpi_power){0};
	enum err e = acpi_find(acpi, "FACP", &fadt);
	if (e != OK)
		return e;
	if (fadt.len < FADT_BYTES_1)
		return ERR_INVALID;
	read_fadt(&fadt, power);
	if (power->pm1a_control == 0)
		return ERR_NODEV;
	if (acpi_table_at(acpi->memory, dsdt_of(&fadt), "DSDT", &dsdt) != OK ||
	    !acpi_find_s5(&dsdt, types))
		return ERR_INVALID;
	power->type_a = types[0];
	power->type_b = types[1];
	return OK;
}
